/** Files of any size. `FILE_MIB=1024` gives the large ones their full size. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { createLargeFile, createSong, fileMib, hashFile, MIB } from './support/large-file.ts';
import { cutLine, receivedBytes, slowLine, WATCHED_LINE } from './support/line.ts';
import { meet } from './support/meet.ts';
import { chunkOrder, STORED_ORDER } from './support/stored-order.ts';
import {
	answer,
	compose,
	expectConnection,
	expectStatus,
	expectText,
	open,
	toInbox,
	untilInstalled,
	write
} from './support/person.ts';

const LETTER = { subject: 'Rehearsal', text: 'All of it is attached.' };
/** What one MiB may take on a busy machine, ms. */
const MIB_MS = 1_000;

test('file-1gib', async ({ startRelay, openProfile }) => {
	const mib = fileMib(128);
	test.setTimeout(120_000 + mib * MIB_MS);
	const file = await createLargeFile('rehearsal.zip', mib);
	try {
		// A relay that has no room for it: the file goes from browser to browser alone.
		const relay = await startRelay(['--quota-bytes', String(MIB)]);
		const alice = await openProfile('alice');
		const bob = await openProfile('bob', { initScript: WATCHED_LINE });
		await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
		await write(alice.page, { to: ['Bob'], subject: 'Hello', text: 'Are you there?' });
		await expectConnection(bob.page, 'direct');
		await send(alice.page, ['Bob'], file.path, mib);

		// The text is there while the file still comes.
		await open(bob.page, LETTER.subject);
		await expectText(bob.page, LETTER.text);
		await untilFetched(bob.page, 0.2, mib);
		const whole = bob.page.getByRole('progressbar', { name: /rehearsal\.zip/ });
		await expect(whole).toBeVisible();

		// The line is cut in the middle; when it is back, it goes on.
		await cutLine(bob.page);
		const atCut = await fetchedPart(bob.page);
		expect(atCut).toBeLessThan(1);
		await bob.context.setOffline(false);
		await untilFetched(bob.page, Math.max(0.5, atCut + 0.05), mib);

		// The receiving page begins anew, and the file does not.
		await bob.page.reload();
		await open(bob.page, LETTER.subject);
		await expectStatus(alice.page, 'Bob', 'delivered', mib * MIB_MS);
		const received = await receivedBytes(bob.page);
		expect(received).toBeGreaterThan(file.bytes);
		expect(received).toBeLessThan(1.2 * file.bytes + 16 * MIB);

		const saved = bob.page.waitForEvent('download', { timeout: mib * MIB_MS });
		await bob.page.getByRole('button', { name: /Save rehearsal\.zip/ }).click();
		expect(await hashFile(await (await saved).path())).toBe(file.hash);
	} finally {
		await file.remove();
	}
});

test('file-two-holders', async ({ startRelay, openProfile }) => {
	const mib = fileMib(64);
	test.setTimeout(120_000 + 2 * mib * MIB_MS);
	const file = await createLargeFile('rehearsal.zip', mib);
	try {
		const relay = await startRelay(['--quota-bytes', String(MIB)]);
		const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
		const carol = await openProfile('carol');
		await meet(relay.url, [alice, 'Alice'], [bob, 'Bob'], [carol, 'Carol']);
		for (const [{ page }, name] of [
			[bob, 'Bob'],
			[carol, 'Carol']
		] as const) {
			await write(page, { to: ['Alice'], subject: `From ${name}`, text: 'Here I am.' });
			await open(alice.page, `From ${name}`);
			await toInbox(alice.page);
		}
		await send(alice.page, ['Carol'], file.path, mib);
		await expectStatus(alice.page, 'Carol', 'delivered', mib * MIB_MS);

		// Bob joins later: what came before, he gets where he wants it, from both who have it.
		await addWithHistory(alice.page, 'Bob');
		await open(carol.page, LETTER.subject);
		await answer(carol.page, 'Reply all', 'Listen to the third minute.');
		await open(bob.page, LETTER.subject);
		await expectText(bob.page, LETTER.text);
		await expect(bob.page.getByTestId('connection').first()).toContainText('2 direct', {
			timeout: 30_000
		});
		const saved = bob.page.waitForEvent('download', { timeout: 60_000 + mib * MIB_MS });
		await bob.page.getByRole('button', { name: /Save rehearsal\.zip/ }).click();
		const part = () => fetchedPart(bob.page);
		await expect
			.poll(() => givenBy(bob.page), { intervals: [50], timeout: 60_000 })
			.toEqual(['Alice', 'Carol']);
		expect(await part()).toBeLessThan(1);
		await alice.kill();
		expect(await hashFile(await (await saved).path())).toBe(file.hash);
	} finally {
		await file.remove();
	}
});

test('video-seek', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const song = await createSong('song.wav', SONG_SECONDS);
	try {
		const relay = await startRelay(['--quota-bytes', String(MIB)]);
		const alice = await openProfile('alice', { initScript: slowLine(2 * MIB) });
		const bob = await openProfile('bob', { initScript: STORED_ORDER });
		await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
		await write(alice.page, { to: ['Bob'], subject: 'Hello', text: 'Are you there?' });
		await expectConnection(bob.page, 'direct');
		await untilInstalled(bob.page);
		await send(alice.page, ['Bob'], song.path, 32);
		await open(bob.page, LETTER.subject);
		await bob.page.getByRole('button', { name: /Play song\.wav/ }).click();
		const player = bob.page.locator('audio');
		// It begins before it is all here, and goes on near its end when the listener goes there.
		await expect.poll(() => player.evaluate(position)).toBeGreaterThan(0.3);
		const end = 0.9 * SONG_SECONDS;
		const stored = await bob.page.evaluate(() => globalThis.storedOrder.length);
		await player.evaluate((element: HTMLMediaElement, to) => {
			element.currentTime = to;
		}, end);
		await expect
			.poll(() => player.evaluate(position), { timeout: 30_000 })
			.toBeGreaterThan(end + 1);
		const part = await fetchedPart(bob.page);
		expect(part).toBeLessThan(0.85);

		await bob.page.getByRole('button', { name: 'Close' }).click();
		await expectStatus(alice.page, 'Bob', 'delivered', 60_000);
		const order = await chunkOrder(bob.page);
		const wanted = Math.floor(0.9 * order.length);
		const atSeek = order.findIndex((place) => place >= wanted);
		const middle = order.indexOf(Math.floor(0.8 * order.length));
		// In order until the listener went on, then what was listened to, then what was left out.
		expect(atSeek).toBeGreaterThanOrEqual(Math.floor(0.9 * stored));
		expect(atSeek).toBeLessThan(middle);
		expect([...order].sort((a, b) => a - b)).toEqual(order.map((_, place) => place));
	} finally {
		await song.remove();
	}
});

const SONG_SECONDS = 120;

/** Seconds into the piece; 0 while nothing sounds. */
function position(element: HTMLMediaElement): number {
	return element.paused || element.readyState < 3 ? 0 : element.currentTime;
}

/** Who gave of the file, as the screen says. */
async function givenBy(page: Page): Promise<string[]> {
	const chip = page.getByRole('button', { name: /rehearsal\.zip/ }).first();
	const title = (await chip.getAttribute('title')) ?? '';
	return [...title.matchAll(/ from (\w+)/g)].map(([, name]) => name ?? '').sort();
}

async function addWithHistory(page: Page, name: string): Promise<void> {
	const section = page.getByRole('region', { name: 'Your reply' });
	await section.getByRole('button', { name: 'Reply', exact: true }).click();
	await section.getByRole('link', { name: 'Change people and subject' }).click();
	const composer = page.getByRole('group', { name: 'Message', exact: true });
	await composer.getByRole('button', { name: 'Cc, Bcc' }).click();
	await composer.getByRole('combobox', { name: 'Cc', exact: true }).fill(name);
	await page.getByRole('option', { name: new RegExp(name) }).click();
	await composer.getByRole('radio', { name: 'With earlier messages' }).check();
	await composer.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.insertText(`${name} wants to hear it, too.`);
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer.getByRole('button', { name: 'Send' })).toBeHidden();
}

async function send(page: Page, to: readonly string[], path: string, mib: number): Promise<void> {
	const composer = await compose(page, { to, ...LETTER });
	await page.locator('input[type=file]').setInputFiles(path);
	const files = composer.getByRole('list', { name: 'Attachments' });
	await expect(files.getByRole('listitem')).toHaveCount(1);
	await expect(files.getByRole('progressbar')).toHaveCount(0, { timeout: 30_000 + mib * MIB_MS });
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
	await open(page, LETTER.subject);
}

/** 0 to 1, as the screen says; 1 where it says nothing of fetching any more. */
async function fetchedPart(page: Page): Promise<number> {
	const bar = page.getByRole('progressbar', { name: /^Fetched part/ });
	const value = await bar.getAttribute('aria-valuenow', { timeout: 1_000 }).catch(() => null);
	return value === null ? 1 : Number(value) / 100;
}

async function untilFetched(page: Page, part: number, mib: number): Promise<void> {
	await expect
		.poll(() => fetchedPart(page), { intervals: [50], timeout: 30_000 + mib * MIB_MS })
		.toBeGreaterThan(part);
}
