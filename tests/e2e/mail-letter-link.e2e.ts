/** A letter for somebody without an address: a link opens it, and its first reader answers. */
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { expect, test } from './support/fixtures.ts';
import {
	answer,
	begin,
	compose,
	expectConnection,
	expectText,
	open,
	row
} from './support/person.ts';

const SUBJECT = 'The house by the lake';
const PLAN = 'Left at the mill, then along the water.';

test('mail: letter link', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const alice = await openProfile('alice');
	const [rosa, mallory] = [await openProfile('rosa'), await openProfile('mallory')];
	await begin(alice.page, relay.url, 'Alice');
	await expectConnection(alice.page, 'relay');
	const link = await makeLink(alice.page);
	expect(link.length).toBeLessThanOrEqual(300);
	await expect(alice.page.getByTestId('recipient-status')).toHaveAttribute('data-state', 'kept', {
		timeout: 30_000
	});

	// Read at once: nobody is asked for anything, and nothing of it is stored.
	await rosa.page.goto(link);
	const letter = rosa.page.getByTestId('letter');
	await expect(letter.getByRole('heading', { name: SUBJECT })).toBeVisible({ timeout: 20_000 });
	await expectText(rosa.page, 'The key is with the neighbour.');
	const saving = rosa.page.waitForEvent('download');
	await letter.getByRole('button', { name: /Save way\.txt/ }).click();
	expect(readFileSync(await (await saving).path(), 'utf8')).toBe(PLAN);

	await rosa.page.getByLabel('Your name').fill('Rosa');
	await rosa.page.getByRole('button', { name: 'Answer', exact: true }).click();
	const reply = rosa.page.getByRole('region', { name: 'Your reply' });
	await expect(reply.getByRole('textbox', { name: 'Text of the message' })).toBeVisible();
	expect(new URL(rosa.page.url()).hash).not.toContain('#l=');
	await rosa.page.locator('input[type=file]').setInputFiles({
		name: 'ticket.txt',
		mimeType: 'text/plain',
		buffer: Buffer.from('Arrives 14:05')
	});
	await reply.getByRole('textbox', { name: 'Text of the message' }).click();
	await rosa.page.keyboard.insertText('I come on Friday.');
	await expect(reply.getByText('ticket.txt')).toBeVisible();
	await reply.getByRole('button', { name: 'Send' }).click();

	// In the same conversation, and from now on the link opens nothing.
	await expectText(alice.page, 'I come on Friday.');
	await expect(alice.page.getByTestId('coming')).toHaveText('Rosa came in by the letter link');
	await expect(alice.page.getByRole('button', { name: /ticket\.txt/ })).toBeVisible();
	await expect(alice.page.getByTestId('letter-line')).toBeHidden();
	await expect(row(alice.page, SUBJECT)).toHaveCount(1);
	await answer(alice.page, 'Reply', 'I will be there.');
	await expectText(rosa.page, 'I will be there.');
	await expect(async () => {
		await mallory.page.goto('about:blank');
		await mallory.page.goto(link);
		await expect(mallory.page.getByTestId('letter-shut')).toHaveAttribute('data-reason', 'closed');
	}).toPass({ timeout: 30_000 });

	// A guest until the words are on paper.
	await keepAddress(rosa.page);
	await rosa.page.reload();
	await open(rosa.page, SUBJECT);
	await expectText(rosa.page, 'I will be there.');
	await expect(rosa.page.getByRole('button', { name: 'Keep this address' })).toBeHidden();
	// Whoever came in by the link comes by it to the conversation.
	await rosa.page.goto(link);
	await expectText(rosa.page, 'I will be there.');
});

async function makeLink(page: Page): Promise<string> {
	const text = 'The key is with the neighbour.';
	const composer = await compose(page, { subject: SUBJECT, text });
	await page.locator('input[type=file]').setInputFiles({
		name: 'way.txt',
		mimeType: 'text/plain',
		buffer: Buffer.from(PLAN)
	});
	await composer.getByRole('button', { name: 'Send as a link' }).click();
	const dialog = page.getByRole('dialog', { name: 'Send as a link' });
	await dialog.getByLabel('For whom').fill('Rosa');
	await dialog.getByRole('button', { name: 'Make the link' }).click();
	const field = page.getByRole('textbox', { name: 'Letter link' });
	await expect(field).toHaveValue(/#l=/);
	return field.inputValue();
}

async function keepAddress(page: Page): Promise<void> {
	await page.getByRole('button', { name: 'Keep this address' }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByRole('listitem')).toHaveCount(24);
	const words = await dialog.getByRole('listitem').allInnerTexts();
	await dialog.getByRole('button', { name: 'They are on paper' }).click();
	for (const label of await dialog.locator('label').allInnerTexts()) {
		const word = words[Number(/\d+/.exec(label)?.[0]) - 1] ?? '';
		await dialog.getByLabel(label, { exact: true }).fill(word.replace(/[^a-z]/g, ''));
	}
	await dialog.getByRole('button', { name: 'Confirm' }).click();
	await expect(page.getByRole('button', { name: 'Keep this address' })).toBeHidden();
}
