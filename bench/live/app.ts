/** The app as shipped, in two browsers that are connected: Send in one, a row in the other. */
import type { Page } from 'playwright-core';
import {
	begin,
	expectConnection,
	inviteLink,
	open,
	row,
	toInbox,
	write
} from '../../tests/e2e/support/person.ts';
import type { Profile } from '../harness/pages.ts';

const SUBJECT = 'Harbour';

export interface App {
	/** ms from the press of Send until the row is painted. */
	message(text: string): Promise<number>;
	toFront(): Promise<void>;
}

/** Two people who know each other and are connected directly, in a thread of theirs. */
export async function openApp(url: string, profiles: readonly [Profile, Profile]): Promise<App> {
	const [alice, bob] = [await profiles[0].newPage(), await profiles[1].newPage()];
	await begin(alice, url, 'Alice');
	await expectConnection(alice, 'relay');
	await alice.evaluate(sendAtOnce);
	const link = await inviteLink(alice);
	await begin(bob, link, 'Bob');
	await bob.evaluate(sendAtOnce);
	await expectConnection(bob, 'relay');
	await toInbox(bob);
	await write(bob, { to: ['Alice'], subject: SUBJECT, text: 'The first word' });
	await open(alice, SUBJECT);
	await answer(alice, 'The second word');
	await row(bob, SUBJECT).filter({ hasText: 'The second word' }).waitFor();
	await Promise.all([expectConnection(alice, 'direct'), expectConnection(bob, 'direct')]);
	await toInbox(bob);
	await bob.evaluate(watchRows);
	await alice.evaluate(watchButton);
	return {
		async message(text) {
			const shown = bob.evaluate((text) => globalThis.untilShown(text), text);
			const [at] = await Promise.all([shown, answer(alice, text)]);
			return at - (await alice.evaluate(() => globalThis.pressedAt));
		},
		async toFront() {
			await alice.bringToFront();
			await bob.bringToFront();
		}
	};
}

/** Runs in the page. Undo is at 0 s, as under Settings: what is sent goes out at once. */
function sendAtOnce(): void {
	localStorage.setItem('defms-undo-send', '0');
}

async function answer(page: Page, text: string): Promise<void> {
	const section = page.getByRole('region', { name: 'Your reply' });
	await section.getByRole('button', { name: 'Reply', exact: true }).click();
	const composer = section.getByRole('group', { name: 'Message', exact: true });
	await composer.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.insertText(text);
	await composer.getByRole('button', { name: 'Send' }).click();
	await composer.waitFor({ state: 'hidden' });
}

declare global {
	/** ms of the epoch. */
	var pressedAt: number;
	/** Resolves with the moment at which a row with this text is painted, ms of the epoch. */
	var untilShown: (text: string) => Promise<number>;
}

/** Runs in the page, before any listener of the app's. */
function watchButton(): void {
	globalThis.pressedAt = 0;
	document.addEventListener(
		'click',
		({ target }) => {
			const button = target instanceof Element ? target.closest('button') : null;
			if (button?.textContent.trim() !== 'Send') return;
			globalThis.pressedAt = performance.timeOrigin + performance.now();
		},
		{ capture: true }
	);
}

/** Runs in the page. As `painted` in `moment.ts`. */
function watchRows(): void {
	globalThis.untilShown = (text) =>
		new Promise((resolve) => {
			const observer = new MutationObserver(() => {
				const rows = document.querySelectorAll('[data-testid="thread-row"]');
				if (![...rows].some((row) => row.textContent.includes(text))) return;
				observer.disconnect();
				requestAnimationFrame(() => {
					const { port1, port2 } = new MessageChannel();
					port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
					port2.postMessage(null);
				});
			});
			observer.observe(document.body, { subtree: true, childList: true, characterData: true });
		});
}
