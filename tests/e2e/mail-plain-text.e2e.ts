/** Plain text: for one message by its menu, for all by Settings; what was typed arrives as it was typed. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { chooseMore, compose, expectText, open, toInbox, write } from './support/person.ts';

test('mail: plain text', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	const { page } = alice;
	const frames = bob.page.getByTitle(/^Message from/).and(bob.page.locator('iframe'));

	const composer = await compose(page, { to: ['Bob'], subject: 'Offers', text: 'Two ' });
	const text = composer.getByRole('textbox', { name: 'Text of the message' });
	await text.press('Control+b');
	await page.keyboard.insertText('offers:');
	await chooseMore(composer, 'Plain text');
	await expect(page.getByText('bold, italic and the like are not sent')).toBeVisible();
	await expect(text).toHaveValue('Two offers:');
	await text.press('Control+End');
	await page.keyboard.insertText('\n  roof   4,200\n  <b>keys</b>   90');
	await expect(composer.getByTestId('saved')).toContainText('Saved');

	// It is still plain, and as it was typed.
	await page.reload();
	await expect(text).toHaveValue('Two offers:\n  roof   4,200\n  <b>keys</b>   90');
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
	await open(bob.page, 'Offers');
	await expectText(bob.page, 'Two offers:\n  roof   4,200\n  <b>keys</b>   90');
	await expect(frames).toHaveCount(0);

	// All that is begun from now on; one of them with formats all the same.
	await page.getByRole('link', { name: 'Settings' }).first().click();
	const begins = page.getByRole('radiogroup', { name: 'A message begins' });
	await begins.getByText('Plain text').click();
	await expect(begins.getByRole('radio', { name: 'Plain text' })).toBeChecked();
	await page.reload();
	await toInbox(page);
	await write(page, { to: ['Bob'], subject: 'Second', text: 'a   b' });
	await toInbox(bob.page);
	await open(bob.page, 'Second');
	await expectText(bob.page, 'a   b');
	await expect(frames).toHaveCount(0);
	const rich = await compose(page, { to: ['Bob'], subject: 'Third', text: '' });
	await chooseMore(rich, 'Plain text');
	await text.press('Control+b');
	await page.keyboard.insertText('bold again');
	await rich.getByRole('button', { name: 'Send' }).click();
	await expect(rich).toBeHidden();
	await toInbox(bob.page);
	await open(bob.page, 'Third');
	const frame = bob.page.getByTitle('Message from Alice').contentFrame();
	await expect(frame.locator('b', { hasText: 'bold again' })).toBeVisible();
});
