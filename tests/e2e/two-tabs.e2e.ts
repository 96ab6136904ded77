/** One person in two tabs: each writes upon what it remembers, and neither loses a word. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { answer, expectText, open, write } from './support/person.ts';

const ROOF = { subject: 'Roof: the second offer', text: 'They can start in March.' };

test('tabs: answers from two tabs by turns', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(alice.page, ROOF.subject);
	const other = await alice.newTab();
	await other.goto(relay.url);
	await open(other, ROOF.subject);

	await answer(alice.page, 'Reply', 'From the first tab.');
	await answer(other, 'Reply', 'From the second tab.');
	await answer(alice.page, 'Reply', 'From the first again.');
	await answer(other, 'Reply', 'From the second again.');

	await open(bob.page, ROOF.subject);
	for (const page of [alice.page, other, bob.page]) {
		await expect(page.getByTestId('message')).toHaveCount(5);
		await expectText(page, 'From the second again.');
	}
});
