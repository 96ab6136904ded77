/** A message whose writer gave it an end date: there until then, and in no file of a profile after it. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { filesUnder } from '../kept/files.ts';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { compose, expectStatus, expectText, open, toInbox } from './support/person.ts';
import type { Profile } from './support/profile.ts';
import { dumpOf, holds } from './support/vault.ts';

const CODE = { subject: 'Door-code-Quitte', text: 'It is Weissdorn-4711-Zaun, for today.' };
const SECRET = 'Weissdorn-4711-Zaun';
/** Shorter than any that a person may choose: long enough to arrive on a busy machine. */
const SPAN_MS = 12_000;

test('threads: end-date', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await writeEnding(alice.page, SPAN_MS);
	await open(bob.page, CODE.subject);
	await expectText(bob.page, SECRET);
	await expect(bob.page.getByTestId('message').last()).toContainText('ends ');
	const before = [await keysOf(alice.page), await keysOf(bob.page)];

	for (const { page } of [alice, bob]) {
		await expect(page.getByTestId('ended')).toContainText(' ended on ', { timeout: 45_000 });
		await expect(page.getByText(SECRET)).toHaveCount(0);
	}
	await expect(alice.page.getByTestId('ended')).toContainText('A message of yours');
	await expect(bob.page.getByTestId('ended')).toContainText('A message from Alice');
	await expectStatus(alice.page, 'Bob', 'ended');
	for (const page of [alice.page, bob.page]) {
		expect(await holds(page, SECRET)).toBe(false);
		expect(await holds(page, CODE.subject)).toBe(false);
		await toInbox(page);
		await expect(page.getByTestId('thread-row')).toContainText('Ended on');
	}

	const after = [await keysOf(alice.page), await keysOf(bob.page)];
	for (const [at, profile] of [alice, bob].entries()) {
		const left = new Set(after[at]);
		const gone = (before[at] ?? []).filter((key) => !left.has(key));
		expect(gone.length).toBeGreaterThan(0);
		await profile.close();
		const found = await search(profile, [...gone, ...left, Buffer.from(SECRET).toString('hex')]);
		// The search finds the keys of what has not ended, and nothing else.
		expect([...found].sort()).toEqual([...left].sort());
	}
});

async function writeEnding(page: Page, spanMs: number): Promise<void> {
	const composer = await compose(page, { to: ['Bob'], ...CODE });
	const keep = composer.getByRole('combobox', { name: 'Keep' });
	await keep.evaluate((select, value) => {
		select.append(new Option('a moment', value));
	}, String(spanMs));
	await keep.selectOption('a moment');
	await expect(composer.getByText('yours too')).toBeVisible();
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
}

/** The secrets in the key ring, in hex. */
async function keysOf(page: Page): Promise<string[]> {
	const { ring = '' } = await dumpOf(page);
	const places = ring.match(/.{64}/g) ?? [];
	return places.slice(2).filter((place) => !/^0*$/.test(place));
}

/** Which of these bytes, in hex, stand in any file of the profile. */
async function search({ folder }: Profile, needles: readonly string[]): Promise<Set<string>> {
	const found = new Set<string>();
	for (const file of await filesUnder(folder)) {
		const content = await readFile(file);
		for (const needle of needles) {
			if (content.includes(Buffer.from(needle, 'hex'))) found.add(needle);
		}
	}
	return found;
}
