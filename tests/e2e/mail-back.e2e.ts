/** The browser's own buttons on a phone: Back, Forward and reload keep the place, the app and the draft. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { compose, open, row, write } from './support/person.ts';

const PHONE = { width: 390, height: 844 };

test('mail: back button', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [alice, 'Alice'], [bob, 'Bob']);
	await write(bob.page, { to: ['Alice'], subject: 'The hall', text: 'It is booked.' });
	const { page } = alice;
	await page.setViewportSize(PHONE);
	const heading = page.getByRole('heading', { name: 'The hall' });
	const dialog = page.getByRole('dialog');
	const toDialog = () => page.getByRole('button', { name: 'People in this conversation' }).click();

	await open(page, 'The hall');
	await toDialog();
	await expect(dialog).toBeVisible();
	await page.goBack();
	await expect(dialog).toBeHidden();
	await expect(heading).toBeVisible();
	// Closed by its own button, it is no step any more.
	await toDialog();
	await dialog.getByRole('button', { name: 'Close' }).click();
	await expect(dialog).toBeHidden();
	await page.goBack();
	await expect(row(page, 'The hall')).toBeVisible();
	await page.goForward();
	await expect(heading).toBeVisible();
	await expect(dialog).toBeHidden();
	await page.reload();
	await expect(heading).toBeVisible();
	await page.getByRole('toolbar').getByRole('button', { name: 'Back' }).click();
	await expect(row(page, 'The hall')).toBeVisible();

	// What was typed a moment ago is kept.
	await compose(page, { subject: 'The keys', text: 'They hang behind the door.' });
	await page.goBack();
	await expect(row(page, 'The hall')).toBeVisible();
	await page.goForward();
	await expect(page.getByText(/^Saved/)).toBeVisible();
	await page.reload();
	await expect(page.getByRole('textbox', { name: 'Subject' })).toHaveValue('The keys');
	await expect(page.getByRole('textbox', { name: 'Text of the message' })).toContainText(
		'They hang behind the door.'
	);

	// A tab that was opened on a conversation has the inbox behind it.
	await page.goBack();
	await row(page, 'The hall').click();
	await expect(heading).toBeVisible();
	const other = await alice.newTab();
	await other.goto(page.url());
	await other.getByRole('button', { name: 'People in this conversation' }).click();
	await other.goBack();
	await expect(other.getByRole('dialog')).toBeHidden();
	await other.goBack();
	await expect(row(other, 'The hall')).toBeVisible();
	await other.getByRole('link', { name: 'Settings' }).click();
	await expect(other.getByRole('heading', { name: 'Settings' }).first()).toBeVisible();
});
