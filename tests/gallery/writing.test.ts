/** Writing: several messages at once, their people, and the way back from Send. */
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { findFaults, openStage } from './stage.ts';

const stage = openStage();
const show = (
	fragment: string,
	viewport = { width: 1440, height: 900 },
	isMobile = false,
	scene = 'usual'
) => stage(scene, fragment, { viewport, isMobile, hasTouch: isMobile });

const isFocused = (locator: Locator) => locator.evaluate((it) => it === document.activeElement);

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
	expect(await findFaults(page)).toEqual([]);
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
	expect(await findFaults(page)).toEqual([]);
	await page.keyboard.press('z');
	await expect.poll(() => text.innerText()).toContain('The second one.');
	expect(await page.getByTestId('held').count()).toBe(0);
});

test('who goes on to something else while it is sent stays there', async () => {
	const page = await show('#/thread/roof');
	await page.getByRole('heading', { level: 1, name: 'Roof: the second offer is in' }).waitFor();
	await page.keyboard.press('f');
	await page.getByRole('textbox', { name: 'Subject' }).fill('Slow');
	await page.getByRole('combobox', { name: 'To', exact: true }).fill('Ines');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: /^Ines.* Move or change$/ }).waitFor();
	await page.getByRole('button', { name: 'Send', exact: true }).click();
	const [starred] = await page.getByRole('link', { name: 'Starred' }).all();
	await starred?.click();
	await page.getByRole('region', { name: 'Starred' }).waitFor();
	await page.evaluate(() => dispatchEvent(new Event('gallery-sent')));
	await page.getByTestId('held').getByText('Sending to Mira, Tom and Ines').waitFor();
	expect(new URL(page.url()).hash).toBe('#/starred');
	expect(await page.getByRole('region', { name: 'Being written' }).count()).toBe(0);
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
	expect(await findFaults(page)).toEqual([]);
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
	expect(await findFaults(page)).toEqual([]);
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

/** All in one task: no composer can be there before the last of it. */
async function typeAtOnce(page: Page, keys: string, pressed?: Locator): Promise<void> {
	const button = (await pressed?.elementHandle()) ?? null;
	await page.evaluate(
		({ button, keys }) => {
			if (button instanceof HTMLElement) button.click();
			for (const key of keys) {
				const shiftKey = key !== key.toLowerCase();
				const pressing = { key, shiftKey, bubbles: true, cancelable: true };
				document.body.dispatchEvent(new KeyboardEvent('keydown', pressing));
			}
		},
		{ button, keys }
	);
}

test('who types faster than a composer opens finds it in there, and nothing else has happened', async () => {
	const page = await show('#/thread/roof');
	const text = page.getByRole('textbox', { name: 'Text of the message' });
	const answer = page.getByRole('button', { name: 'Reply to Mira and Tom' });
	await answer.waitFor();
	const rows = await page.getByTestId('thread-row').count();
	await typeAtOnce(page, 'Yes, at #10 see us there.', answer);
	await expect.poll(() => text.innerText()).toContain('Yes, at #10 see us there.');
	expect(await page.getByTestId('thread-row').count()).toBe(rows);
	expect(await page.getByText('Undo').count()).toBe(0);
	await page.getByRole('button', { name: 'Discard draft' }).click();
	await answer.waitFor();
	// As a hand does it: a space would press the button again, which still has the focus.
	await answer.focus();
	await page.keyboard.press('Enter');
	await page.keyboard.type('Yes, at ten.');
	await expect.poll(() => text.innerText()).toContain('Yes, at ten.');
	await page.getByRole('button', { name: 'Discard draft' }).click();
	await answer.waitFor();
	await page.getByRole('heading', { level: 1, name: 'Roof: the second offer is in' }).click();
	// By keys alone: an answer, and then a message, whose first field is for people.
	await typeAtOnce(page, 'aOld ones, please.');
	await expect.poll(() => text.innerText()).toContain('Old ones, please.');
	await page.keyboard.press('Escape');
	await page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
	await typeAtOnce(page, 'cines');
	const to = page.getByRole('combobox', { name: 'To', exact: true });
	await expect.poll(() => to.inputValue()).toBe('ines');
	expect(await page.getByTestId('thread-row').count()).toBe(rows);
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
	expect(await findFaults(page)).toEqual([]);
	await page.getByRole('button', { name: 'Do not send' }).click();
	await expect.poll(() => text.innerText()).toContain('The second one.');
});

/** Whom it goes to has the focus first: what is typed before would go there. */
async function begin(page: Page): Promise<void> {
	await page.getByRole('button', { name: 'Write' }).first().click();
	await expect.poll(() => isFocused(page.getByRole('combobox', { name: 'To' }))).toBe(true);
}

test('the cursor stays where one writes, whatever is filled in first', async () => {
	const page = await show('#/inbox');
	await begin(page);
	await textOf(page).click();
	await page.keyboard.type('Dear Mira');
	expect(await textOf(page).innerText()).toContain('Dear Mira');
	const to = page.getByRole('combobox', { name: 'To' });
	await to.click();
	await page.keyboard.type('Mira');
	await page.keyboard.press('Enter');
	await page.keyboard.type('Tom');
	expect(await to.inputValue()).toBe('Tom');
	await page.keyboard.press('Enter');
	const subject = page.getByRole('textbox', { name: 'Subject' });
	await subject.click();
	await page.keyboard.type('Roof and keys');
	expect(await subject.inputValue()).toBe('Roof and keys');
});

test('by a finger: who is held is carried to another field, and a scroll carries nobody', async () => {
	const page = await show('#/inbox', { width: 390, height: 844 }, true);
	await begin(page);
	for (const name of ['Mira', 'Tom']) {
		await page.getByRole('combobox', { name: 'To' }).fill(name);
		await page.keyboard.press('Enter');
	}
	const client = await page.context().newCDPSession(page);
	const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: { x: number; y: number }) =>
		client.send('Input.dispatchTouchEvent', { type, touchPoints: at ? [at] : [] });
	const middle = async (locator: Locator) => {
		const box = await locator.boundingBox();
		if (!box) throw new Error('it is not to be seen');
		return { x: box.x + Math.min(40, box.width / 2), y: box.y + box.height / 2 };
	};
	const chip = page.getByRole('list', { name: 'To', exact: true }).getByRole('listitem').first();
	const from = await middle(chip);
	// A finger that moves at once scrolls.
	await touch('touchStart', from);
	await touch('touchMove', { ...from, y: from.y + 60 });
	await touch('touchMove', { ...from, y: from.y + 120 });
	await touch('touchEnd');
	expect(await page.getByRole('combobox', { name: 'Cc', exact: true }).count()).toBe(0);
	// One that rests lifts: the other fields appear, and one of them takes it.
	await touch('touchStart', from);
	await page.locator('[data-lifted]').waitFor();
	const cc = page.getByRole('combobox', { name: 'Cc', exact: true });
	await cc.waitFor();
	await touch('touchMove', await middle(cc));
	await page.locator('.field-row.over').waitFor();
	await touch('touchEnd');
	const inCc = page.getByRole('list', { name: 'Cc', exact: true }).getByRole('listitem');
	await expect.poll(() => inCc.count()).toBe(1);
	await page.getByText('Moved to Cc').waitFor({ state: 'attached' });
	expect(await page.locator('[data-lifted]').count()).toBe(0);
	expect(await page.locator('[popover]:popover-open').count()).toBe(0);
	// A key still opens the menu, and so does a tap.
	await inCc.getByRole('button', { name: /Move or change/ }).press('Enter');
	await page.getByRole('button', { name: 'Move to Bcc' }).waitFor();
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Move to Bcc' }).waitFor({ state: 'hidden' });
	await inCc.getByRole('button', { name: /Move or change/ }).tap();
	await page.getByRole('button', { name: 'Move to Bcc' }).waitFor();
});

async function more(page: Page, name: string): Promise<void> {
	await page.getByRole('button', { name: 'More for this message' }).click();
	await page.getByRole('button', { name }).click();
}

const textOf = (page: Page) => page.getByRole('textbox', { name: 'Text of the message' });

for (const [name, width, height] of [
	['a phone', 390, 844],
	['a window of middle width', 760, 700],
	['a desktop', 1440, 900]
] as const) {
	test(`${name}: what was just done is said beside what is written, and its tools`, async () => {
		const page = await show('#/inbox', { width, height }, width < 700);
		await begin(page);
		await textOf(page).click();
		await page.keyboard.press('Control+b');
		await page.keyboard.type('Dear all');
		await more(page, 'Plain text');
		const toast = page.getByRole('status').filter({ hasText: 'not sent' });
		await toast.waitFor();
		await expect.poll(() => overlaps(toast, page.locator('.composer .foot'))).toBe(false);
		for (const part of [textOf(page), page.getByRole('button', { name: 'Discard draft' })]) {
			expect(await overlaps(toast, part)).toBe(false);
		}
	});
}

async function overlaps(one: Locator, other: Locator): Promise<boolean> {
	const [a, b] = [await one.boundingBox(), await other.boundingBox()];
	if (!a || !b) throw new Error('it is not to be seen');
	const isBeside = a.x + a.width <= b.x || b.x + b.width <= a.x;
	return !isBeside && a.y + a.height > b.y && b.y + b.height > a.y;
}

test('a template comes where the cursor is, takes nothing away, and Ctrl+Z takes it back', async () => {
	const page = await show('#/inbox');
	await begin(page);
	const [text, subject] = [textOf(page), page.getByRole('textbox', { name: 'Subject' })];
	await text.click();
	await page.keyboard.type('Above and below');
	for (let at = 0; at < ' and below'.length; at++) await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('Shift+Control+ArrowLeft'); // selects "Above"
	await more(page, 'Insert a template…');
	await page.getByRole('combobox', { name: 'Name of the template' }).fill('RENT');
	expect(await findFaults(page)).toEqual([]);
	await page.keyboard.press('Enter');
	await expect.poll(() => text.innerText()).toMatch(/^Above/);
	expect(await text.innerText()).toMatch(/Dear neighbour,[^]*the rent is due\.[^]*and below/);
	expect(await subject.inputValue()).toBe('Rent of this month');
	await expect.poll(() => isFocused(text)).toBe(true);
	await page.keyboard.press('Control+z');
	await expect.poll(() => text.innerText()).not.toContain('neighbour');
	expect(await text.innerText()).toContain('Above and below');
	expect(await subject.inputValue()).toBe('');
	// A subject that was typed stays; and the palette inserts, too.
	await subject.fill('My own');
	await text.focus();
	await page.keyboard.press('Control+k');
	await page.getByRole('combobox', { name: /Command, label/ }).fill('rent rem');
	await page.getByRole('option', { name: /Rent reminder/ }).waitFor();
	await page.keyboard.press('Enter');
	await expect.poll(() => text.innerText()).toContain('the rent is due.');
	expect(await subject.inputValue()).toBe('My own');
	expect(await text.innerText()).toContain('Above');
});

test('a hostile template is text with formats and nothing else', async () => {
	const page = await stage('usual', '#/inbox', { readsHandlers: true });
	await begin(page);
	await more(page, 'Insert a template…');
	await page.getByRole('option', { name: /Invoice/ }).click();
	await textOf(page).locator('b', { hasText: 'invoice' }).waitFor();
	expect(await textOf(page).innerHTML()).not.toMatch(/<img|<script|style=|onclick/);
	expect(await page.evaluate('window.harmed')).toBeUndefined();
});

test('plain text: what is lost is said and comes back, and quotations keep their depth', async () => {
	const page = await show('#/inbox');
	await begin(page);
	await textOf(page).click();
	await page.keyboard.type('Dear ');
	await page.keyboard.press('Control+b');
	await page.keyboard.type('all');
	await more(page, 'Plain text');
	await page.getByText('bold, italic and the like are not sent').waitFor();
	await expect.poll(() => isFocused(textOf(page))).toBe(true);
	expect(await textOf(page).inputValue()).toBe('Dear all');
	expect(await page.getByRole('button', { name: 'Bold' }).count()).toBe(0);
	expect(await findFaults(page)).toEqual([]);
	await page.getByRole('button', { name: 'Undo' }).click();
	await textOf(page).locator('b', { hasText: 'all' }).waitFor();
	// What is typed meanwhile stays; minimised and opened again it is still plain.
	await more(page, 'Plain text');
	await textOf(page).fill('Hello  you\n> first\n>> second\n-- \nLena');
	await page.keyboard.press('Escape');
	await page.getByRole('region', { name: 'Being written' }).getByRole('button').first().click();
	expect(await textOf(page).inputValue()).toBe('Hello  you\n> first\n>> second\n-- \nLena');
	await more(page, 'Plain text');
	await textOf(page).locator('blockquote blockquote', { hasText: 'second' }).waitFor();
	await more(page, 'Plain text');
	await textOf(page).evaluate((it) => it instanceof HTMLTextAreaElement);
	await expect
		.poll(() => textOf(page).inputValue())
		.toBe('Hello  you\n> first\n> > second\n-- \nLena');
	// A template in plain text: at the cursor, and taken back by the browser's own undo.
	await textOf(page).evaluate((it: HTMLTextAreaElement) => it.setSelectionRange(5, 5));
	await more(page, 'Insert a template…');
	await page.getByRole('option', { name: /Rent reminder/ }).click();
	await expect
		.poll(() => textOf(page).inputValue())
		.toMatch(/^HelloDear neighbour,\n\nthe rent is due\. {2}you\n/);
	expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe(
		'Rent of this month'
	);
	await page.keyboard.press('Control+z');
	await expect.poll(() => textOf(page).inputValue()).toMatch(/^Hello {2}you\n/);
	expect(await page.getByRole('textbox', { name: 'Subject' }).inputValue()).toBe('');
});

test('templates: saved from what is written, changed, deleted, and back', async () => {
	const page = await show('#/inbox');
	await write(page, 'Keys');
	await textOf(page).fill('On the hook.');
	await more(page, 'Save as a template…');
	const name = page.getByRole('dialog').getByRole('textbox', { name: 'Name' });
	expect(await name.inputValue()).toBe('Keys');
	expect(await findFaults(page)).toEqual([]);
	await page.keyboard.press('Enter');
	await page.getByText('Template saved').waitFor();
	await more(page, 'Save as a template…');
	await page.getByRole('button', { name: 'Replace' }).waitFor();
	await page.keyboard.press('Escape');
	await page.getByRole('link', { name: 'Settings' }).first().click();
	await page.getByRole('button', { name: 'Change Keys' }).click();
	await name.fill('Where the keys are');
	expect(await findFaults(page)).toEqual([]);
	// Escape takes nothing away for good.
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect.poll(() => name.inputValue()).toBe('Where the keys are');
	await page.getByRole('button', { name: 'Save', exact: true }).click();
	await page.getByRole('button', { name: 'Delete Where the keys are' }).click();
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByRole('button', { name: 'Delete Where the keys are' }).waitFor();
});
