import { expect, test } from 'vitest';
import { Unreachable, type Office } from '../post/ports.ts';
import { chooseOffice, readRelays } from './config.ts';

const APP = 'https://mail.example/post/';
const read = (config: unknown) => readRelays(APP, () => Promise.resolve(config));

test('relays are named from where the app is', async () => {
	expect(await read({ relays: ['./'] })).toEqual(['https://mail.example/post']);
	expect(await read({ relays: ['/', 'https://other.example/', '/'] })).toEqual([
		'https://mail.example',
		'https://other.example'
	]);
});

test('a damaged or absent configuration means the own origin', async () => {
	for (const bad of [
		null,
		{},
		{ relays: 'x' },
		{ relays: [] },
		{ relays: ['ftp://x', 'http://'] }
	]) {
		expect(await read(bad), JSON.stringify(bad)).toEqual(['https://mail.example/post']);
	}
	const failing = () => Promise.reject(new TypeError('offline'));
	expect(await readRelays(APP, failing)).toEqual(['https://mail.example/post']);
});

const RELAYS = ['https://one.example', 'https://two.example'] as const;

function officesWith(publicUrls: Readonly<Record<string, string>>) {
	return (url: string) => {
		const terms = async () => {
			const publicUrl = publicUrls[url];
			if (publicUrl === undefined) throw new Unreachable(url);
			return { publicUrl };
		};
		return { terms } as unknown as Office;
	};
}

test('the office is the first relay that answers, by its public name', async () => {
	const { signal } = new AbortController();
	const named = officesWith({ 'https://two.example': 'https://mail.two.example' });
	expect(await chooseOffice(RELAYS, named, signal)).toBe('https://mail.two.example');
	const unnamed = officesWith({ 'https://two.example': '' });
	expect(await chooseOffice(RELAYS, unnamed, signal)).toBe('https://two.example');
	expect(await chooseOffice(RELAYS, officesWith({}), signal)).toBe('https://one.example');
});
