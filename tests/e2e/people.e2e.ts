/** Mail among three people. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { answer, expectStatus, expectText, open, row, write } from './support/person.ts';

const MINUTES = { subject: 'Minutes of the meeting', text: 'We paint the stairs in May.' };

test('reply-all', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const alice = await openProfile('alice');
	const [bob, carol] = [await openProfile('bob'), await openProfile('carol')];
	await meet(relay.url, [alice, 'Alice'], [bob, 'Bob'], [carol, 'Carol']);
	// Both become Alice's contacts by writing to her.
	await write(bob.page, { to: ['Alice'], subject: 'From Bob', text: 'Here I am.' });
	await write(carol.page, { to: ['Alice'], subject: 'From Carol', text: 'Here I am.' });
	await open(alice.page, 'From Bob');
	await alice.page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
	await open(alice.page, 'From Carol');
	await carol.close();
	await write(alice.page, { to: ['Bob', 'Carol'], ...MINUTES });
	await open(bob.page, MINUTES.subject);
	await answer(bob.page, 'Reply all', 'Blue, I hope.');
	await open(alice.page, MINUTES.subject);
	await expectText(alice.page, 'Blue, I hope.');
	await carol.reopen();
	await carol.page.goto(relay.url);
	await open(carol.page, MINUTES.subject);
	await expectText(carol.page, MINUTES.text);
	await expectText(carol.page, 'Blue, I hope.');
	await answer(carol.page, 'Reply all', 'Blue is fine.');
	await expectText(bob.page, 'Blue is fine.');
	await expectText(alice.page, 'Blue is fine.');
	await expectStatus(carol.page, 'Alice', 'delivered');
	await expectStatus(carol.page, 'Bob', 'delivered');
});

test('bcc', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const alice = await openProfile('alice');
	const [bob, carol] = [await openProfile('bob'), await openProfile('carol')];
	await meet(relay.url, [alice, 'Alice'], [bob, 'Bob'], [carol, 'Carol']);
	await write(bob.page, { to: ['Alice'], subject: 'From Bob', text: 'Here I am.' });
	await write(carol.page, { to: ['Alice'], subject: 'From Carol', text: 'Here I am.' });
	await open(alice.page, 'From Bob');
	await alice.page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
	await open(alice.page, 'From Carol');
	await write(alice.page, { to: ['Bob'], bcc: ['Carol'], ...MINUTES });
	await open(bob.page, MINUTES.subject);
	await open(carol.page, MINUTES.subject);
	await expectText(carol.page, MINUTES.text);
	await bob.page.getByTitle('Show all details').first().click();
	await expect(bob.page.locator('body')).not.toContainText('Carol');
	await open(alice.page, MINUTES.subject);
	await expectStatus(alice.page, 'Carol', 'delivered');
	await expectStatus(alice.page, 'Bob', 'delivered');
	// Her answer goes to the writer alone.
	await answer(carol.page, 'Reply', 'Between us: no.');
	await alice.page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
	await expect(row(alice.page, 'Between us: no.')).toBeVisible({ timeout: 45_000 });
	await expect(bob.page.locator('body')).not.toContainText('Between us');
});
