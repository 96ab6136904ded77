import { expect, test } from 'vitest';
import { InstallingState, type InstallPage } from './installing.svelte.ts';

const PAGE = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64)', touchPoints: 0, isStandalone: false };
const URL_OF_APP = 'https://mail.example.org/app/';

function create(page: Partial<InstallPage> = {}) {
	const target = new EventTarget();
	return { target, state: new InstallingState({ ...PAGE, ...page, target }, URL_OF_APP) };
}

test.each([
	['a desktop', {}, 'browser-menu'],
	[
		'an iPhone',
		{ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)', touchPoints: 5 },
		'share-sheet'
	],
	[
		'an iPad',
		{ userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X)', touchPoints: 5 },
		'share-sheet'
	],
	['a Macintosh', { userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X)' }, 'browser-menu'],
	['the home screen', { isStandalone: true }, 'installed']
] as const)('%s', (_, page, way) => {
	expect(create(page).state.way).toBe(way);
});

test('the browser is asked when the person wants to, and once', async () => {
	const { target, state } = create();
	const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
		prompt: () => Promise.resolve({ outcome: 'accepted' })
	});
	target.dispatchEvent(event);
	expect(event.defaultPrevented).toBe(true);
	expect(state.way).toBe('prompt');
	expect(await state.install()).toBe(true);
	expect(await state.install()).toBe(false);
	target.dispatchEvent(new Event('appinstalled'));
	expect(state.way).toBe('installed');
});

test('mail links are asked for with a fragment, which no server sees', () => {
	const asked: string[][] = [];
	const { state } = create({ registerProtocolHandler: (...said) => void asked.push(said) });
	state.takeMailLinks?.();
	expect(asked).toEqual([['mailto', `${URL_OF_APP}#/write/%s`]]);
	expect(create().state.takeMailLinks).toBeNull();
});
