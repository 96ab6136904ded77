/** The address book: what one says of people stays, here and in no letter. */
import { readFileSync } from 'node:fs';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { open, row, toInbox, write } from './support/person.ts';

const PICTURE = readFileSync('static/icon-192.png').toString('base64');
const CARDS = [
	...['BEGIN:VCARD', 'VERSION:3.0', 'FN:Grumpy Bob', 'EMAIL:bob@example.org'],
	...['NOTE:Plays the horn.', 'END:VCARD', 'BEGIN:VCARD', 'VERSION:3.0', 'FN:Zoë'],
	...['EMAIL:zoe@example.org', `PHOTO;ENCODING=b;TYPE=PNG:${PICTURE}`, 'END:VCARD', '']
].join('\r\n');

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

	await page.getByRole('button', { name: 'Add people or groups' }).click();
	await page.getByRole('button', { name: 'Bring an address book' }).click();
	await page
		.getByLabel('Address books')
		.setInputFiles({ name: 'all.vcf', mimeType: 'text/vcard', buffer: Buffer.from(CARDS) });
	await expect(page.getByText('1 person is new here')).toBeVisible();
	await page.getByRole('checkbox', { name: /Grumpy Bob is the same as Grumpy Bob/ }).check();
	await page.getByRole('button', { name: 'Bring 2 people' }).click();
	await expect(page.getByTestId('cards-brought')).toHaveText('2 people added or completed');
	await page.getByRole('button', { name: 'Done' }).click();
	await page.getByTestId('contact').filter({ hasText: 'Zoë' }).click();
	await expect(page.getByRole('link', { name: 'Invite by mail' })).toBeVisible();
	await expect(page.getByTestId('contact').getByTestId('photo')).toHaveCount(2);

	await page.reload();
	await page.getByTestId('contact').filter({ hasText: 'Grumpy Bob' }).click();
	await expect(page.getByText('bob@example.org')).toBeVisible();
	await expect(page.getByRole('textbox', { name: 'Notes' })).toHaveValue(/roofer.*horn/s);
	await page.getByRole('button', { name: 'More to do with Grumpy Bob' }).click();
	await page.getByRole('button', { name: 'Split into separate people' }).click();
	await page.getByRole('button', { name: 'Split', exact: true }).click();
	await expect(page.getByTestId('contact').filter({ hasText: 'Grumpy Bob' })).toHaveCount(2);
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(page.getByTestId('contact').filter({ hasText: 'Grumpy Bob' })).toHaveCount(1);
	await page.getByRole('tab', { name: 'Conversations' }).click();
	await expect(page.getByRole('tabpanel').getByTestId('thread-row').first()).toBeVisible();
});
