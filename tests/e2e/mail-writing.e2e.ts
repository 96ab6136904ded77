/** Writing: several messages at once, a pasted list, people moved, the signature; and all of it arrives. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { compose, expectText, inviteLink, open } from './support/person.ts';

test('mail: writing', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	const bobsInvite = await inviteLink(bob.page);
	const { page } = alice;
	await page.getByRole('link', { name: 'Settings' }).first().click();
	const signature = page.getByRole('textbox', { name: 'Signature' });
	await signature.fill('Alice\nHarbour Street 4');
	await signature.blur();
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();

	const composer = await compose(page, { to: ['Bob'], subject: 'Keys', text: '' });
	const text = composer.getByRole('textbox', { name: 'Text of the message' });
	await text.press('Control+Home');
	await page.keyboard.insertText('On the hook.');
	await composer.getByRole('textbox', { name: 'Subject' }).press('Escape');
	const dock = page.getByRole('region', { name: 'Being written' });
	await expect(dock.getByRole('button', { name: 'Keys' })).toBeFocused();

	await page.getByRole('button', { name: 'Write' }).first().click();
	const field = composer.getByRole('combobox', { name: 'To' });
	await field.evaluate((it, text) => {
		const clipboardData = new DataTransfer();
		clipboardData.setData('text/plain', text);
		it.dispatchEvent(
			new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
		);
	}, `nobody, at all\n${bobsInvite}`);
	const to = composer.getByRole('list', { name: 'To', exact: true }).getByRole('listitem');
	await expect(to).toHaveCount(3);
	await expect(to.filter({ hasText: 'Bob' })).toBeVisible();
	for (const odd of ['nobody', 'at all']) {
		await composer.getByRole('button', { name: `Remove ${odd}` }).click();
	}
	await expect(to).toHaveCount(1);
	await to
		.first()
		.getByRole('button', { name: /Move or change/ })
		.click();
	await composer.getByRole('button', { name: 'Move to Cc' }).click();
	const cc = composer.getByRole('list', { name: 'Cc', exact: true }).getByRole('listitem');
	await expect(cc.filter({ hasText: 'Bob' })).toBeVisible();
	await composer.getByRole('textbox', { name: 'Subject' }).fill('Roof');
	await text.press('Control+Home');
	await page.keyboard.insertText('The offer is attached.');
	await composer.getByRole('button', { name: 'Send' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Send anyway' }).click();
	await open(bob.page, 'Roof');
	await expectText(bob.page, 'The offer is attached.');
	await expectText(bob.page, 'Harbour Street 4');

	await dock.getByRole('button', { name: 'Keys' }).click();
	await dock.getByRole('button', { name: 'Send' }).click();
	await expect(dock).toBeHidden();
	await bob.page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
	await open(bob.page, 'Keys');
	await expectText(bob.page, 'On the hook.');
});
