/** Order in the mailbox: labels, stars, snooze, many at once, rules; and all of it by the keys. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { row, toInbox, write } from './support/person.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

async function expectToast(page: Page, words: string): Promise<void> {
	await expect(page.locator('.toast').filter({ hasText: words })).toBeVisible();
}

function choose(page: Page, subject: string) {
	return page.getByRole('checkbox', { name: `Choose: ${subject}` });
}

async function openSettings(page: Page): Promise<void> {
	await page.getByRole('link', { name: 'Settings' }).first().click();
	await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
}

test('mail: organise', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [alice, 'Alice'], [bob, 'Bob']);
	const { page } = alice;
	for (const subject of ['Roof', 'Choir', 'Lease']) {
		await write(bob.page, { to: ['Alice'], subject, text: `About the ${subject}.` });
		await expect(row(page, subject)).toBeVisible({ timeout: 45_000 });
	}

	// Several at once, and the way back.
	await choose(page, 'Lease').click();
	await choose(page, 'Roof').click({ modifiers: ['Shift'] });
	const bar = page.getByRole('toolbar', { name: 'Chosen conversations' });
	await expect(bar.getByRole('status')).toContainText('3');
	await bar.getByRole('button', { name: 'Archive' }).click();
	await expectToast(page, '3 conversations archived');
	await expect(page.getByTestId('thread-row')).toHaveCount(0);
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(page.getByTestId('thread-row')).toHaveCount(3);

	// A label, and a star.
	await choose(page, 'Roof').click();
	await bar.getByRole('button', { name: 'Label' }).click();
	await page.getByLabel('Find or make a label').fill('House');
	await page.getByRole('button', { name: 'Make “House”' }).click();
	await page.getByRole('button', { name: 'Done' }).click();
	await expect(row(page, 'Roof')).toContainText('House');
	await row(page, 'Choir').focus();
	await page.keyboard.press('s');
	await expect(row(page, 'Choir')).toContainText('Starred');
	await page.getByRole('link', { name: 'House', exact: true }).click();
	await expect(page.getByTestId('thread-row')).toHaveCount(1);

	// A rule: what it is about, first without a change, then for these too, then for what comes.
	await openSettings(page);
	await page.getByRole('button', { name: 'New rule' }).click();
	const dialog = page.getByRole('dialog', { name: 'New rule' });
	await dialog.getByLabel('Subject').fill('lease');
	await dialog.getByLabel('Give the label').selectOption({ label: 'House' });
	await dialog.getByRole('checkbox', { name: 'Archive' }).check();
	await dialog.getByRole('button', { name: 'Try it' }).click();
	await expect(dialog.getByRole('status')).toContainText('1 conversation. Nothing was changed.');
	await dialog.getByRole('button', { name: 'Apply to this one too' }).click();
	await expect(dialog.getByRole('status')).toContainText('Done for 1 conversation');
	await dialog.getByRole('button', { name: 'Save rule' }).click();
	await expect(dialog).toBeHidden();
	await toInbox(page);
	await expect(row(page, 'Lease')).toHaveCount(0);
	await write(bob.page, { to: ['Alice'], subject: 'Lease, again', text: 'Signed.' });
	await page.getByRole('link', { name: 'House', exact: true }).click();
	await expect(row(page, 'Lease, again')).toBeVisible({ timeout: 45_000 });
	await toInbox(page);
	await expect(row(page, 'Choir')).toBeVisible();
	await expect(row(page, 'Lease, again')).toHaveCount(0);

	// Out of the inbox until tomorrow.
	await row(page, 'Choir').focus();
	await page.keyboard.press('b');
	await page.getByRole('button', { name: /^Tomorrow morning/ }).click();
	await expect(row(page, 'Choir')).toHaveCount(0);
	await page.clock.setFixedTime(Date.now() + 2 * DAY_MS);
	await page.reload();
	await expect(page.getByTestId('thread-row').first()).toContainText('Choir');
	await expect(row(page, 'Choir')).toContainText('Snoozed until now');
});

test('mail: keyboard', async ({ startRelay, openProfile }) => {
	test.setTimeout(90_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	const { page } = alice;
	for (const subject of ['Roof', 'Choir', 'Lease']) {
		await write(page, { to: ['Bob'], subject, text: `About the ${subject}.` });
		await expect(row(page, subject)).toBeVisible();
	}
	const press = async (...keys: readonly string[]) => {
		for (const key of keys) await page.keyboard.press(key);
	};
	const focused = page.locator(':focus');

	await press('g', 'i');
	await expect(page).toHaveURL(/#\/inbox$/);
	// Back from a conversation the focus is where it was left.
	await expect(focused).toContainText('Lease');
	await press('j');
	await expect(focused).toContainText('Choir');
	await press('e');
	await expect(row(page, 'Choir')).toHaveCount(0);
	await expect(focused).toContainText('Roof');
	await press('z');
	await expect(row(page, 'Choir')).toBeVisible();

	// All that is chosen goes at once.
	await press('*', 'a', '#');
	await expectToast(page, '3 conversations moved to the trash');
	await press('z');
	await expect(page.getByTestId('thread-row')).toHaveCount(3);

	await press('j', 'o');
	await expect(page.getByRole('heading', { name: 'Lease' })).toBeVisible();
	await press('r');
	const text = page.getByRole('textbox', { name: 'Text of the message' });
	await expect(text).toBeFocused();
	// Letters are text where one writes.
	await page.keyboard.type('jke#');
	await expect(text).toContainText('jke#');
	await page.getByRole('heading', { name: 'Lease' }).click();
	await press('u');
	await expect(page).toHaveURL(/#\/inbox$/);

	await press('?');
	await expect(page.getByRole('dialog', { name: 'Keys' })).toContainText('Archive');
	// What lies over the mail wants an answer first.
	const field = page.getByRole('combobox', { name: 'Command, label, person or message' });
	await press('Control+k', 'e');
	await expect(field).toHaveCount(0);
	await press('Escape', 'l');
	await expect(page.getByLabel('Find or make a label')).toHaveValue('');
	await page.getByLabel('Find or make a label').press('Escape');
	await press('Control+k');
	await field.fill('bob');
	await expect(page.getByRole('option', { name: 'Bob' }).first()).toBeVisible();
	await field.fill('starr');
	await press('Enter');
	await expect(page).toHaveURL(/#\/starred$/);

	// Whoever does not want letters turns them off; the search for anything stays.
	await press('g', ',');
	await page.getByRole('switch', { name: /Single letters/ }).uncheck();
	await press('g', 'i');
	await expect(page).toHaveURL(/#\/settings$/);
	await press('Control+k');
	await expect(field).toBeFocused();
});
