/** Templates: saved from what is written, inserted after a reload with their formats, changed, and sent. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { chooseMore, compose, expectText, open, toInbox } from './support/person.ts';

test('mail: templates', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	const { page } = alice;

	const first = await compose(page, { subject: 'Rent of this month', text: 'The rent is ' });
	const text = first.getByRole('textbox', { name: 'Text of the message' });
	await text.press('Control+b');
	await page.keyboard.insertText('overdue');
	await chooseMore(first, 'Save as a template…');
	const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
	await expect(name).toHaveValue('Rent of this month');
	await name.fill('Rent');
	await name.press('Enter');
	await expect(page.getByText('Template saved')).toBeVisible();
	await page.getByRole('button', { name: 'Discard draft' }).click();
	// Before that it is on its way back, and a reload would come in between.
	await expect(page).toHaveURL(/#\/inbox$/);

	await page.reload();
	const second = await compose(page, { to: ['Bob'], subject: '', text: 'Dear Bob, ' });
	await chooseMore(second, 'Insert a template…');
	await page.getByRole('option', { name: /^Rent/ }).click();
	await expect(text.locator('b', { hasText: 'overdue' })).toBeVisible();
	await expect(second.getByRole('textbox', { name: 'Subject' })).toHaveValue('Rent of this month');
	await second.getByRole('button', { name: 'Send' }).click();
	await expect(second).toBeHidden();
	await open(bob.page, 'Rent of this month');
	await expectText(bob.page, 'Dear Bob, The rent is overdue');
	const frame = bob.page.getByTitle('Message from Alice').contentFrame();
	await expect(frame.locator('b', { hasText: 'overdue' })).toBeVisible();

	// Changed in Settings, it is so in the next message, and in no earlier one.
	await page.getByRole('link', { name: 'Settings' }).first().click();
	await page.getByRole('button', { name: 'Change Rent' }).click();
	const dialog = page.getByRole('dialog');
	const changed = dialog.getByRole('textbox', { name: 'Text of the template' });
	await changed.press('Control+End');
	await page.keyboard.insertText(', and so is the deposit');
	await dialog.getByRole('button', { name: 'Save', exact: true }).click();
	await expect(dialog).toBeHidden();
	await page.reload();
	await toInbox(page);
	const third = await compose(page, { to: ['Bob'], subject: 'Deposit', text: '' });
	await chooseMore(third, 'Insert a template…');
	await page.getByRole('option', { name: /^Rent/ }).click();
	await expect(text).toContainText('and so is the deposit');
	await third.getByRole('button', { name: 'Send' }).click();
	await expect(third).toBeHidden();
	await toInbox(bob.page);
	await open(bob.page, 'Deposit');
	await expectText(bob.page, 'The rent is overdue, and so is the deposit');
});
