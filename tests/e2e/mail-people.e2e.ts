/** The address book: what one says of people stays, here and in no letter. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { open, row, toInbox, write } from './support/person.ts';

test('mail: people', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [alice, 'Alice'], [bob, 'Bob']);
	const { page } = alice;
	await write(bob.page, { to: ['Alice'], subject: 'Roof', text: 'The offer is in.' });
	await expect(row(page, 'Roof')).toBeVisible({ timeout: 45_000 });

	await page.getByRole('link', { name: 'People' }).first().click();
	await page.getByTestId('contact').filter({ hasText: 'Bob' }).click();
	await page.getByRole('button', { name: 'Call Bob something else' }).click();
	await page.getByRole('textbox', { name: 'Your name for Bob' }).fill('Grumpy Bob');
	await page.keyboard.press('Enter');
	await page
		.getByLabel('Picture of Grumpy Bob', { exact: true })
		.setInputFiles('static/icon-192.png');
	await expect(page.getByTestId('contact').getByTestId('photo')).toBeVisible();
	await page.getByRole('textbox', { name: 'Notes' }).fill('Knows a roofer.');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await page.getByRole('tab', { name: 'Conversations' }).click();
	await expect(page.getByRole('tabpanel').getByTestId('thread-row')).toContainText('Roof');

	await page.getByRole('button', { name: 'Add people or groups' }).click();
	await page.getByRole('button', { name: 'New group' }).click();
	await page.getByRole('textbox', { name: 'Name of the group' }).fill('House');
	await page.getByRole('checkbox', { name: /Grumpy Bob/ }).check();
	await page.getByRole('button', { name: 'Make group' }).click();
	await expect(page.getByRole('heading', { name: 'House' })).toBeVisible();

	await page.reload();
	await page.getByRole('button', { name: 'Write to all' }).click();
	const composer = page.getByRole('group', { name: 'Message', exact: true });
	await composer.getByRole('textbox', { name: 'Subject' }).fill('Meeting');
	await composer.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.insertText('On Friday?');
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
	await open(bob.page, 'Meeting');
	await bob.page.getByTitle('Show all details').first().click();
	await expect(bob.page.locator('body')).not.toContainText('Grumpy');

	await toInbox(page);
	await expect(row(page, 'Roof')).toContainText('Grumpy Bob');
	await expect(row(page, 'Roof').getByTestId('photo')).toBeVisible();
	await page.getByRole('link', { name: 'People' }).first().click();
	await page.getByTestId('contact').filter({ hasText: 'Grumpy Bob' }).click();
	await expect(page.getByRole('textbox', { name: 'Notes' })).toHaveValue('Knows a roofer.');
});
