/** Ten megabytes where a few letters belong: the limit is said, and nothing freezes. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { begin, compose, expectText, open, toInbox } from './support/person.ts';

const MEGABYTES = 'Wilhelmine '.repeat(10 ** 6);
const TOO_LONG = 'This name is too long.';
/** A page that takes longer to answer is one that hangs. */
const PROMPT_MS = 2_000;

test('name-of-10-mb', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const alice = await openProfile('alice');
	await alice.context.grantPermissions(['clipboard-read', 'clipboard-write']);
	await alice.page.goto(relay.url);
	const field = alice.page.getByLabel('Your name');
	await paste(alice.page, field, MEGABYTES);
	await expect(alice.page.getByRole('alert')).toContainText(TOO_LONG);
	await expect(alice.page.getByRole('button', { name: 'Begin' })).toBeDisabled();
	await expectPrompt(alice.page);
	// Letters of several bytes count as what they are.
	await field.fill('ü'.repeat(33));
	await expect(alice.page.getByRole('alert')).toContainText(TOO_LONG);
	await begin(alice.page, relay.url, 'Alice');

	await alice.page.getByRole('link', { name: 'Settings' }).first().click();
	const name = alice.page.getByLabel('Your name, as others see it');
	await paste(alice.page, name, MEGABYTES);
	await name.press('Tab');
	await expect(alice.page.getByRole('alert')).toContainText(TOO_LONG);
	await expectPrompt(alice.page);
	await alice.page.reload();
	await expect(name).toHaveValue('Alice');
	await name.fill('Alice Kessler');
	await name.press('Tab');
	await expect(alice.page.getByTestId('my-address')).toContainText('alice');
});

test('subject-of-10-mb', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await alice.context.grantPermissions(['clipboard-read', 'clipboard-write']);
	const letter = { to: ['Bob'], subject: '', text: 'Seven pages.' };
	const composer = await compose(alice.page, letter);
	const subject = composer.getByRole('textbox', { name: 'Subject' });
	await paste(alice.page, subject, MEGABYTES);
	await expect(composer.getByRole('alert')).toContainText('The subject is too long.');
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer.getByRole('alert').last()).toContainText('The subject is too long.');
	await expectPrompt(alice.page);
	await expect(composer.getByTestId('saved')).toContainText('Saved');
	// A recipient and a file with such a name.
	const to = composer.getByRole('combobox', { name: 'To', exact: true });
	await paste(alice.page, to, MEGABYTES);
	await expectPrompt(alice.page);
	await to.fill('');
	await composer.getByRole('textbox', { name: 'Text of the message' }).evaluate((text) => {
		const files = new DataTransfer();
		files.items.add(new File(['Seven pages.'], `${'minutes '.repeat(10 ** 6)}.txt`));
		text.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true }));
	});
	const file = composer.getByRole('list', { name: 'Attachments' }).getByRole('listitem');
	await expect(file).toContainText('12 bytes');
	await expect(file).toContainText(/^\s*minutes .*….txt/);
	await expectPrompt(alice.page);

	await subject.fill('Minutes');
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
	await toInbox(bob.page);
	await open(bob.page, 'Minutes');
	await expectText(bob.page, letter.text);
	await expect(bob.page.getByRole('button', { name: /minutes minutes.*\.txt/ })).toBeVisible();
});

/** As a person does it: from the clipboard. */
async function paste(page: Page, field: Locator, text: string): Promise<void> {
	await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
	await field.focus();
	await page.keyboard.press('ControlOrMeta+a');
	await page.keyboard.press('ControlOrMeta+v');
	await expect(field).not.toHaveValue('');
}

async function expectPrompt(page: Page): Promise<void> {
	const begun = Date.now();
	await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
	expect(Date.now() - begun).toBeLessThan(PROMPT_MS);
}
