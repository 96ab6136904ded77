/** Who joins a conversation, who leaves it, and what they can read. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { answer, expectStatus, expectText, open, row, toInbox, write } from './support/person.ts';
import type { Profile } from './support/profile.ts';
import { holds } from './support/vault.ts';

const ROOF = { subject: 'Roof: the second offer', text: 'They can start in March.' };
const MINUTES = { subject: 'Minutes of the meeting', text: 'We paint the stairs in May.' };

test('threads: add-from-here', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	const carol = await openProfile('carol');
	await acquaint(relay.url, [bob, 'Bob'], [alice, 'Alice'], [carol, 'Carol']);
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);

	const composer = await answerInFull(bob.page, 'Reply');
	await expect(composer.getByTestId('course')).toBeHidden();
	await addCc(bob.page, composer, 'Carol');
	await expect(composer.getByTestId('course').getByRole('status')).toContainText(
		'Carol joins this conversation.'
	);
	await expect(composer.getByRole('radio', { name: 'From here on' })).toBeChecked();
	await say(bob.page, composer, 'Carol knows roofs.');
	await expectComing(bob.page, 'You added Carol');

	await open(carol.page, ROOF.subject);
	await expectText(carol.page, 'Carol knows roofs.');
	await expectComing(carol.page, 'Bob added you');
	expect(await holds(carol.page, 'Carol knows roofs.')).toBe(true);
	await expect(carol.page.getByTestId('message')).toHaveCount(1);
	await answer(carol.page, 'Reply all', 'March is late.');
	await open(alice.page, ROOF.subject);
	for (const { page } of [alice, bob]) {
		await expectText(page, 'March is late.');
		await expect(page.getByTestId('message')).toHaveCount(3);
	}
	await expectComing(alice.page, 'Bob added Carol');
	await expectStatus(carol.page, 'Alice', 'delivered');
	await expectStatus(carol.page, 'Bob', 'delivered');
	expect(await holds(carol.page, ROOF.text)).toBe(false);
});

test('threads: add-with-history', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	const carol = await openProfile('carol');
	await acquaint(relay.url, [bob, 'Bob'], [alice, 'Alice'], [carol, 'Carol']);
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(bob.page, ROOF.subject);
	const composer = await answerInFull(bob.page, 'Reply');
	await addCc(bob.page, composer, 'Carol');
	await composer.getByRole('radio', { name: 'With earlier messages' }).check();
	await expect(composer.getByTestId('saved')).toContainText('Saved');
	// The choice is part of the draft: it outlives its tab.
	await bob.kill();
	await bob.reopen();
	await bob.page.goto(relay.url);
	await open(bob.page, ROOF.subject);
	const inline = bob.page.getByRole('region', { name: 'Your reply' });
	await expect(inline.getByRole('radio', { name: 'With earlier messages' })).toBeChecked();
	await say(bob.page, inline, 'Carol knows roofs.');

	await open(carol.page, ROOF.subject);
	await expectText(carol.page, 'Carol knows roofs.');
	await expectText(carol.page, ROOF.text);
	const kept = carol.page.getByRole('article', { name: 'Message from Alice' });
	await expect(kept.getByText('kept by Bob')).toHaveAttribute(
		'title',
		'Bob passed this on; it is as Bob kept it.'
	);
	await answer(carol.page, 'Reply all', 'March is late.');
	await open(alice.page, ROOF.subject);
	await expectText(alice.page, 'March is late.');
	// Who has the original is shown no copy.
	await expect(alice.page.getByTestId('message')).toHaveCount(3);
	await expect(alice.page.getByText('kept by')).toHaveCount(0);
});

test('threads: leave', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	const carol = await openProfile('carol');
	await acquaint(relay.url, [alice, 'Alice'], [bob, 'Bob'], [carol, 'Carol']);
	await write(alice.page, { to: ['Bob', 'Carol'], ...MINUTES });
	await open(bob.page, MINUTES.subject);
	await open(carol.page, MINUTES.subject);
	const people = await openPeople(carol.page);
	await expect(people.getByRole('button', { name: /^Remove/ })).toHaveCount(0);
	await people.getByRole('button', { name: 'Leave conversation' }).click();
	const question = carol.page.getByRole('dialog', { name: 'Leave this conversation?' });
	await expect(question).toContainText('You will not get what is written from now on.');
	await question.getByRole('button', { name: 'Leave', exact: true }).click();

	const reply = carol.page.getByRole('region', { name: 'Your reply' });
	await expect(reply).toContainText('You left this conversation');
	await expect(reply.getByRole('button')).toHaveText(['Forward']);
	await expect(carol.page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
	await expect(row(carol.page, MINUTES.subject)).toHaveCount(0);
	for (const { page } of [alice, bob]) {
		await open(page, MINUTES.subject);
		await expectComing(page, 'Carol left');
	}
	// An answer to all is one to those who stayed.
	await answer(bob.page, 'Reply', 'She will miss the blue.');
	await expectText(alice.page, 'She will miss the blue.');
	await toInbox(carol.page);
	await write(alice.page, { to: ['Carol'], subject: 'Cake', text: 'There is some left.' });
	await open(carol.page, 'Cake');
	await carol.page.getByRole('link', { name: 'Archive' }).first().click();
	await open(carol.page, MINUTES.subject);
	await expect(carol.page.getByTestId('message')).toHaveCount(1);
	expect(await holds(carol.page, 'She will miss the blue.')).toBe(false);
});

test('threads: remove-rekeys', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	const carol = await openProfile('carol');
	await acquaint(relay.url, [alice, 'Alice'], [bob, 'Bob'], [carol, 'Carol']);
	await write(alice.page, { to: ['Bob', 'Carol'], ...MINUTES });
	await open(bob.page, MINUTES.subject);
	await open(carol.page, MINUTES.subject);
	await open(alice.page, MINUTES.subject);
	await expectStatus(alice.page, 'Carol', 'delivered');
	const people = await openPeople(alice.page);
	await people.getByRole('button', { name: 'Remove Carol' }).click();
	const question = alice.page.getByRole('dialog', { name: 'Remove Carol?' });
	await expect(question).toContainText('gets nothing that is written from now on');
	await question.getByRole('button', { name: 'Remove', exact: true }).click();
	await expectComing(alice.page, 'You removed Carol');
	await answer(alice.page, 'Reply', 'Green, between us.');
	await expectText(bob.page, 'Green, between us.');
	await expectComing(bob.page, 'Alice removed Carol');
	await toInbox(alice.page);
	await write(alice.page, { to: ['Carol'], subject: 'Cake', text: 'There is some left.' });

	// What came after it is there, so what was to come has come.
	await open(carol.page, 'Cake');
	await expectText(carol.page, 'There is some left.');
	expect(await holds(carol.page, 'There is some left.')).toBe(true);
	expect(await holds(carol.page, 'Green, between us.')).toBe(false);
	await toInbox(carol.page);
	await open(carol.page, MINUTES.subject);
	await expect(carol.page.getByTestId('message')).toHaveCount(1);
	await answer(carol.page, 'Reply all', 'Am I still here?');
	for (const name of ['Alice', 'Bob']) {
		await expectStatus(carol.page, name, 'refused');
		await expect(
			carol.page.getByText(`${name} refused: you are no longer in this conversation`)
		).toBeVisible();
	}
	// Nor is another try offered: she has not heard of her removal from the conversation itself.
	const reply = carol.page.getByRole('region', { name: 'Your reply' });
	await expect(reply).toContainText('You are no longer in this conversation');
	await expect(reply.getByRole('button', { name: /Reply/ })).toHaveCount(0);
	await open(alice.page, MINUTES.subject);
	for (const { page } of [alice, bob]) {
		await expect(page.getByTestId('message')).toHaveCount(2);
		await expect(page.locator('body')).not.toContainText('Am I still here?');
	}
});

test('threads: continue-without', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	const carol = await openProfile('carol');
	await acquaint(relay.url, [alice, 'Alice'], [bob, 'Bob'], [carol, 'Carol']);
	await write(alice.page, { to: ['Bob', 'Carol'], ...MINUTES });
	await open(bob.page, MINUTES.subject);
	await open(carol.page, MINUTES.subject);
	const composer = await answerInFull(bob.page, 'Reply all');
	await composer.getByRole('button', { name: 'Remove Carol' }).click();
	await expect(composer.getByTestId('course').getByRole('status')).toContainText(
		'Continues without Carol in a new conversation.'
	);
	await expect(composer.getByRole('radio')).toHaveCount(0);
	await say(bob.page, composer, 'Let us surprise her.');
	await expect(bob.page.getByTestId('message')).toHaveCount(1);
	await toInbox(alice.page);
	await open(alice.page, `Re: ${MINUTES.subject}`);
	await expectText(alice.page, 'Let us surprise her.');
	await write(alice.page, { to: ['Carol'], subject: 'Cake', text: 'There is some left.' });
	await toInbox(carol.page);
	await open(carol.page, 'Cake');
	await expect(row(carol.page, MINUTES.subject)).toHaveCount(1);
	expect(await holds(carol.page, 'Let us surprise her.')).toBe(false);
});

/** All have written to the host, who so knows them. */
async function acquaint(
	url: string,
	host: readonly [Profile, string],
	...guests: readonly (readonly [Profile, string])[]
): Promise<void> {
	await meet(url, host, ...guests);
	const [{ page }, hostName] = host;
	for (const [guest, name] of guests) {
		const letter = { subject: `From ${name}`, text: 'Here I am.' };
		await write(guest.page, { to: [hostName], ...letter });
		await open(page, letter.subject);
		await toInbox(page);
		await toInbox(guest.page);
	}
}

/** Begins an answer in the open thread, with all its fields. */
async function answerInFull(page: Page, kind: 'Reply' | 'Reply all'): Promise<Locator> {
	const section = page.getByRole('region', { name: 'Your reply' });
	await section.getByRole('button', { name: kind, exact: true }).click();
	await section.getByRole('link', { name: 'Change people and subject' }).click();
	const composer = page.getByRole('group', { name: 'Message', exact: true });
	await expect(composer.getByRole('textbox', { name: 'Subject' })).toBeVisible();
	return composer;
}

async function addCc(page: Page, composer: Locator, name: string): Promise<void> {
	await composer.getByRole('button', { name: 'Cc, Bcc' }).click();
	await composer.getByRole('combobox', { name: 'Cc', exact: true }).fill(name);
	await page.getByRole('option', { name: new RegExp(name) }).click();
}

async function say(page: Page, composer: Locator, text: string): Promise<void> {
	await composer.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.insertText(text);
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer.getByRole('button', { name: 'Send' })).toBeHidden();
}

async function openPeople(page: Page): Promise<Locator> {
	await page.getByRole('button', { name: 'People in this conversation' }).click();
	return page.getByRole('dialog', { name: 'People' });
}

async function expectComing(page: Page, sentence: string): Promise<void> {
	await expect(page.getByTestId('coming').filter({ hasText: sentence })).toBeVisible({
		timeout: 45_000
	});
}
