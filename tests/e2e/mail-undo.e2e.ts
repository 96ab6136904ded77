/** Undo send: what is sent can be taken back, and goes out when nobody is there any more. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import {
	answer,
	compose,
	expectText,
	open,
	row,
	toInbox,
	untilInstalled
} from './support/person.ts';

test('mail: undo send, and the last tab is closed', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice', { undoSeconds: 30 }), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await untilInstalled(alice.page);
	const { page } = alice;
	const held = page.getByRole('region', { name: 'Being sent' });

	const first = await compose(page, { to: ['Bob'], subject: 'Rof', text: 'The offer is here.' });
	await first.getByRole('button', { name: 'Send' }).click();
	await expect(held).toContainText('Sending to Bob');
	// A reload ends nothing; the composer comes back as it was.
	await page.reload();
	await held.getByRole('button', { name: 'Undo' }).click();
	await expect(first.getByRole('textbox', { name: 'Text of the message' })).toHaveText(
		'The offer is here.'
	);
	await first.getByRole('textbox', { name: 'Subject' }).fill('Roof');
	await first.getByRole('button', { name: 'Send' }).click();
	await expect(held).toContainText('Sending to Bob');

	// A further tab stays: closing one does not end the time. Closing the last does.
	const second = await alice.newTab();
	await second.goto(relay.url);
	const heldThere = second.getByRole('region', { name: 'Being sent' });
	await expect(heldThere).toContainText('Sending to Bob');
	await page.close();
	await expect(heldThere.getByRole('button', { name: 'Undo' })).toBeVisible();
	await expect(row(bob.page, 'Roof')).toBeHidden();
	const blank = await alice.newTab();
	await second.close();
	await expect(row(bob.page, 'Roof')).toHaveCount(1, { timeout: 15_000 });
	await expect(row(bob.page, 'Rof')).toHaveCount(0);

	// An answer that was taken back stands in its thread again.
	await blank.goto(relay.url);
	await blank.getByRole('link', { name: /^Sent/ }).first().click();
	await open(blank, 'Roof');
	await expect(blank.getByRole('region', { name: 'Being sent' })).toBeHidden();
	await answer(blank, 'Reply', 'And the bill.');
	await blank
		.getByRole('region', { name: 'Being sent' })
		.getByRole('button', { name: 'Undo' })
		.click();
	const again = blank.getByRole('region', { name: 'Your reply' });
	await expect(again.getByRole('textbox', { name: 'Text of the message' })).toHaveText(
		'And the bill.'
	);
	await again.getByRole('button', { name: 'Send' }).click();
	await blank.getByRole('button', { name: 'Send now' }).click();
	await toInbox(bob.page);
	await open(bob.page, 'Roof');
	await expectText(bob.page, 'And the bill.');
});
