/** A message that is taken back before the other's browser has fetched it. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { answer, expectStatus, expectText, open, row, toInbox, write } from './support/person.ts';
import { holds } from './support/vault.ts';

const ROOF = { subject: 'Roof: the second offer', text: 'They can start in March.' };
const OOPS = 'The key lies under the mat.';

test('threads: withdraw', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
	await open(alice.page, ROOF.subject);
	await expectStatus(alice.page, 'Bob', 'delivered');
	await bob.close();

	await answer(alice.page, 'Reply', OOPS);
	await expectStatus(alice.page, 'Bob', 'noticed');
	await takeBack(alice.page);
	await expectStatus(alice.page, 'Bob', 'withdrawn');
	await answer(alice.page, 'Reply', 'Ring twice.');

	await bob.reopen();
	await bob.page.goto(relay.url);
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, 'Ring twice.');
	await expectStatus(alice.page, 'Bob', 'delivered');
	await expect(bob.page.getByTestId('message')).toHaveCount(2);
	expect(await holds(bob.page, OOPS)).toBe(false);
	const oops = alice.page.getByTestId('message').nth(1);
	await expect(oops.getByTestId('recipient-status')).toHaveAttribute('data-state', 'withdrawn');
	await expect(oops).toContainText('taken back');

	// The first of a conversation: nothing of it is to be seen.
	await bob.close();
	await toInbox(alice.page);
	await write(alice.page, { to: ['Bob'], subject: 'By mistake', text: OOPS });
	await open(alice.page, 'By mistake');
	await expectStatus(alice.page, 'Bob', 'noticed');
	await takeBack(alice.page);
	await expectStatus(alice.page, 'Bob', 'withdrawn');
	await toInbox(alice.page);
	await write(alice.page, { to: ['Bob'], subject: 'On purpose', text: 'See you.' });
	await bob.reopen();
	await bob.page.goto(relay.url);
	await expect(row(bob.page, 'On purpose')).toBeVisible();
	await expect(bob.page.getByTestId('thread-row')).toHaveCount(2);
	expect(await holds(bob.page, OOPS)).toBe(false);
});

async function takeBack(page: Page): Promise<void> {
	await page
		.getByTestId('message')
		.last()
		.getByRole('button', { name: 'Answer this message' })
		.click();
	await page.getByRole('button', { name: 'Take back' }).click();
	const question = page.getByRole('dialog', { name: 'Take this message back?' });
	await question.getByRole('button', { name: 'Take back' }).click();
	await expect(question).toBeHidden();
}
