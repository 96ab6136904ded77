/** Looking for a word that only an older message has, and finding it again after everything. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { answer, expectText, open, row, write } from './support/person.ts';
import { rowsOf } from './support/vault.ts';

const ROOF = { subject: 'Roof: the second offer', text: 'The Zimmermann asks for 4,200 in March.' };
const BOAT = { subject: 'Summer', text: 'Shall we take the boat?' };

test('mail: search', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
	await answer(bob.page, 'Reply', 'Then let us take it.');
	await write(alice.page, { to: ['Bob'], ...BOAT });
	await expect(row(bob.page, BOAT.subject)).toBeVisible({ timeout: 45_000 });

	const { page } = bob;
	await look(page, 'zimm');
	await expect(page.getByTestId('thread-row')).toHaveCount(1);
	await expect(row(page, ROOF.subject).locator('mark')).toHaveText('Zimm');
	await look(page, 'from:alice -zimmermann');
	await expect(row(page, BOAT.subject)).toBeVisible();
	await expect(page.getByTestId('thread-row')).toHaveCount(1);
	await look(page, 'in:sent take');
	await expect(row(page, ROOF.subject)).toBeVisible();
	await expect(page.getByTestId('thread-row')).toHaveCount(1);

	await expect.poll(async () => (await segmentsOf(page)).length).toBeGreaterThan(0);
	const before = await segmentsOf(page);
	await page.reload();
	await look(page, 'zimm');
	await expect(page.getByTestId('thread-row')).toHaveCount(1);
	expect(await segmentsOf(page)).toEqual(before);

	await deleteForGood(page, ROOF.subject);
	await look(page, 'zimm in:anywhere');
	await expect(page.getByText('Nothing found')).toBeVisible();
	await expect.poll(() => holdsTerm(page, 'zimmermann')).toBe(false);
	expect(await holdsTerm(page, 'boat')).toBe(true);
});

async function look(page: Page, text: string): Promise<void> {
	await page.getByRole('combobox', { name: 'Search mail' }).fill(text);
}

async function deleteForGood(page: Page, subject: string): Promise<void> {
	await open(page, subject);
	await page.getByRole('button', { name: 'Move to trash' }).last().click();
	await page.getByRole('link', { name: /^Trash/ }).click();
	await page.getByRole('button', { name: 'Empty the trash' }).click();
	await page
		.getByRole('dialog')
		.getByRole('button', { name: /^Delete/ })
		.click();
	await expect(row(page, subject)).toHaveCount(0);
}

/** The index as it is stored, opened. */
async function segmentsOf(page: Page): Promise<readonly string[]> {
	return (await rowsOf(page))['search'] ?? [];
}

async function holdsTerm(page: Page, term: string): Promise<boolean> {
	const wanted = Buffer.from(`${term}\n`).toString('hex');
	return (await segmentsOf(page)).some((segment) => segment.includes(wanted));
}
