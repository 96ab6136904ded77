/** Writing: several messages at once, their people, and the way back from Send. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openGallery, type OpenGallery } from './open.ts';

let gallery: OpenGallery;
const faults: string[] = [];

beforeAll(async () => {
	gallery = await openGallery();
}, 120_000);

afterAll(async () => {
	await gallery[Symbol.asyncDispose]();
});

afterEach(async () => {
	for (const context of gallery.browser.contexts()) await context.close();
	expect(faults.splice(0)).toEqual([]);
});

async function show(
	fragment: string,
	viewport = { width: 1440, height: 900 },
	isMobile = false,
	scene = 'usual'
): Promise<Page> {
	const context = await gallery.browser.newContext({
		...{ viewport, isMobile, hasTouch: isMobile, reducedMotion: 'reduce' }
	});
	const page = await context.newPage();
	page.setDefaultTimeout(5_000);
	page.on('pageerror', (error) => faults.push(error.message));
	await page.goto(`${gallery.url}?scene=${scene}${fragment}`);
	await page.locator('main').first().waitFor({ state: 'attached' });
	return page;
}

const isFocused = (locator: Locator) => locator.evaluate((it) => it === document.activeElement);

async function expectClean(page: Page): Promise<void> {
	const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
	await page.evaluate(await readFile(axe, 'utf8'));
	const violations = await page.evaluate(
		`axe.run({ iframes: false }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`
	);
	expect(violations).toEqual([]);
}

async function write(page: Page, subject: string): Promise<void> {
	await page.getByRole('button', { name: 'Write' }).click();
	await page.getByRole('textbox', { name: 'Subject' }).fill(subject);
}

test('several at once: minimised by Escape, opened beside the mail, each with its own text', async () => {
	const page = await show('#/inbox');
	const dock = page.getByRole('region', { name: 'Being written' });
	await write(page, 'Keys for the attic');
	await page.keyboard.press('Escape');
	const attic = dock.getByRole('button', { name: 'Keys for the attic' });
	await expect.poll(() => isFocused(attic)).toBe(true);
	await write(page, 'Paint');
	// Looking at something else keeps it at hand.
	await page.getByTestId('thread-row').first().click();
	await page.getByRole('heading', { name: 'Roof: the second offer is in' }).first().waitFor();
	await dock.getByRole('button', { name: 'Paint' }).waitFor();
	await attic.click();
	const subject = dock.getByRole('textbox', { name: 'Subject' });
	expect(await subject.inputValue()).toBe('Keys for the attic');
	await expectClean(page);
	await subject.focus();
	await page.keyboard.press('Escape');
	await subject.waitFor({ state: 'detached' });
	await expect.poll(() => isFocused(attic)).toBe(true);
	// Once more closes it; the draft stays, and the next title has the focus.
	await page.keyboard.press('Escape');
	await attic.waitFor({ state: 'detached' });
	await expect.poll(() => isFocused(dock.getByRole('button', { name: 'Paint' }))).toBe(true);
	await page.getByRole('link', { name: /^Drafts/ }).click();
	await page.getByTestId('thread-row').filter({ hasText: 'Keys for the attic' }).waitFor();
});

test('full size and back, and nobody has it twice', async () => {
	const page = await show('#/inbox');
	const dock = page.getByRole('region', { name: 'Being written' });
	await write(page, 'Paint');
	await page.getByRole('button', { name: 'Minimise' }).click();
	await dock.getByRole('button', { name: 'Paint' }).click();
	await dock.getByRole('button', { name: 'Full size' }).click();
	await dock.waitFor({ state: 'detached' });
	expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('Paint');
	await page.getByRole('button', { name: 'Close, keep as draft' }).click();
	await page.getByText('2 unread in your inbox').waitFor();
	expect(await dock.count()).toBe(0);
});

test('what nobody has written in is not kept', async () => {
	const page = await show('#/inbox');
	await page.getByRole('button', { name: 'Write' }).click();
	await page.getByRole('textbox', { name: 'Subject' }).focus();
	await page.keyboard.press('Escape');
	await page.getByText('2 unread in your inbox').waitFor();
	expect(await page.getByRole('region', { name: 'Being written' }).count()).toBe(0);
	expect(await page.getByRole('link', { name: /^Drafts \d/ }).count()).toBe(0);
});

test('on a phone one composer fills the screen, and Escape keeps it as a draft', async () => {
	const page = await show('#/inbox', { width: 390, height: 844 }, true);
	await write(page, 'Paint');
	await page.keyboard.press('Escape');
	await page.getByTestId('thread-row').first().waitFor();
	expect(await page.getByRole('region', { name: 'Being written' }).count()).toBe(0);
});

test('an answer that was sent says so in its conversation, and z takes it back', async () => {
	const page = await show('#/thread/roof');
	await page.getByRole('button', { name: 'Reply to Mira and Tom' }).click();
	const reply = page.getByRole('region', { name: 'Your reply' });
	const text = reply.getByRole('textbox', { name: 'Text of the message' });
	await expect.poll(() => isFocused(text)).toBe(true);
	await page.keyboard.type('The second one.');
	await page.getByRole('button', { name: 'Send' }).click();
	await reply.getByText('The second one.').waitFor();
	await page.getByTestId('held').getByText('Sending to Mira and Tom').waitFor();
	await expectClean(page);
	await page.keyboard.press('z');
	await expect.poll(() => text.innerText()).toContain('The second one.');
	expect(await page.getByTestId('held').count()).toBe(0);
});

test('people: a pasted list, dragged, moved by the menu, corrected', async () => {
	const page = await show('#/inbox');
	await page.getByRole('button', { name: 'Write' }).click();
	const to = page.getByRole('list', { name: 'To', exact: true }).getByRole('listitem');
	const cc = page.getByRole('list', { name: 'Cc', exact: true }).getByRole('listitem');
	const invite = await page.evaluate(() => `https://mail.example/#i=aB3-_xYz9QkLm`);
	await page.getByRole('combobox', { name: 'To' }).evaluate((field, link) => {
		const clipboardData = new DataTransfer();
		clipboardData.setData('text/plain', `Hans <hans@example.org>; "no, address"\n${link}`);
		field.dispatchEvent(
			new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
		);
	}, invite);
	await expect.poll(() => to.count()).toBe(3);
	await to.filter({ hasText: 'k51' }).waitFor();
	await page.getByText('is no address and no contact of yours').waitFor();
	await expectClean(page);
	// By the menu, and the focus goes along.
	await to
		.filter({ hasText: 'hans@' })
		.getByRole('button', { name: /Move or change/ })
		.click();
	await page.getByRole('button', { name: 'Move to Cc' }).click();
	await expect.poll(() => cc.count()).toBe(1);
	const moved = cc.getByRole('button', { name: /Move or change/ });
	await expect.poll(() => isFocused(moved)).toBe(true);
	// By dragging.
	await to.filter({ hasText: 'k51' }).dragTo(page.getByRole('combobox', { name: 'Bcc' }));
	const bcc = page.getByRole('list', { name: 'Bcc', exact: true }).getByRole('listitem');
	await expect.poll(() => bcc.count()).toBe(1);
	// What was not understood is text again.
	await to
		.first()
		.getByRole('button', { name: /not understood/ })
		.click();
	await page.getByRole('button', { name: 'Edit' }).click();
	expect(await page.getByRole('combobox', { name: 'To' }).inputValue()).toContain('no, address');
});

test('who is still being typed when a key sends is a recipient, or stops it', async () => {
	const page = await show('#/inbox');
	await write(page, 'Paint');
	const field = page.getByRole('combobox', { name: 'To' });
	await field.fill('Mira');
	await field.press('Escape');
	await page.getByRole('textbox', { name: 'Text of the message' }).fill('Blue.');
	await page.getByRole('button', { name: /^Mira.* Move or change$/ }).waitFor();
	await field.fill('hans@example.org');
	await field.press('Control+Enter');
	await page.getByRole('button', { name: /^hans@example.org, no address here yet/ }).waitFor();
	expect(await page.getByTestId('held').count()).toBe(0);
});

test('a group among the suggestions brings all of it who are not there yet', async () => {
	const page = await show('#/inbox');
	await page.getByRole('button', { name: 'Write' }).first().click();
	const to = page.getByRole('combobox', { name: 'To', exact: true });
	await to.fill('Ines');
	await page.keyboard.press('Enter');
	await to.fill('choir');
	await page.getByRole('option', { name: 'Choir 1 person' }).waitFor();
	await expectClean(page);
	// People stand above groups.
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	const people = page.getByRole('list', { name: 'To', exact: true }).getByRole('listitem');
	await expect.poll(() => people.count()).toBe(2);
	await people.filter({ hasText: 'Jonas' }).waitFor();
});

test('keys mean the row in focus, not the conversation that is open beside it', async () => {
	const page = await show('#/thread/roof');
	const list = page.getByTestId('mail-list');
	const heading = page.getByRole('heading', { level: 1, name: 'Roof: the second offer is in' });
	await heading.waitFor();
	const other = list.getByTestId('thread-row').nth(1);
	const subject = (await other.locator('.subject').textContent()) ?? '';
	await other.focus();
	await page.keyboard.press('s');
	await other.getByText('Starred').waitFor({ state: 'attached' });
	expect(await list.getByTestId('thread-row').first().getByText('Starred').count()).toBe(0);
	// An answer opens it first, and its cursor is in the text.
	await page.keyboard.press('r');
	await page.getByRole('heading', { level: 1, name: subject }).waitFor();
	const text = page.getByRole('textbox', { name: 'Text of the message' });
	await expect.poll(() => isFocused(text)).toBe(true);
});

test('what cannot go out says so, and has a way on and a way back', async () => {
	const page = await show('#/thread/roof', undefined, false, 'stuck');
	await page.getByRole('button', { name: 'Reply to Mira and Tom' }).click();
	const text = page.getByRole('textbox', { name: 'Text of the message' });
	await expect.poll(() => isFocused(text)).toBe(true);
	await page.keyboard.type('The second one.');
	await page.getByRole('button', { name: 'Send' }).click();
	await page.getByRole('alert').getByText('no room on this device to write it down').waitFor();
	await page.getByRole('button', { name: 'Try again' }).waitFor();
	await expectClean(page);
	await page.getByRole('button', { name: 'Do not send' }).click();
	await expect.poll(() => text.innerText()).toContain('The second one.');
});
