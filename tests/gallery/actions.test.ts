/** What is pressed on the screens, and what comes of it, on the fixture in a real browser. */
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { COLOURS, DESKTOP, findFaults, openStage, PHONE, settle } from './stage.ts';
import { swipe } from './swipe.ts';

const stage = openStage();
const show = (scene: string, fragment: string, viewport: typeof PHONE) =>
	stage(scene, fragment, { viewport });

async function expectText(locator: Locator, text: string): Promise<void> {
	await expect
		.poll(async () => (await locator.innerText()).replaceAll('\u00a0', ' '))
		.toContain(text);
}

test('archive, then undo', async () => {
	const page = await show('usual', '#/thread/choir', DESKTOP);
	const row = page.getByTestId('thread-row').filter({ hasText: 'Programme' });
	const bar = page.getByRole('toolbar', { name: 'Conversation' });
	await bar.getByRole('button', { name: 'Archive' }).click();
	await page.getByText('Conversation archived').waitFor();
	await row.waitFor({ state: 'detached' });
	expect(new URL(page.url()).hash).toBe('#/inbox');
	await page.getByRole('button', { name: 'Undo' }).click();
	await row.waitFor();
});

test('a row opens its thread, and both ways back close it', async () => {
	const page = await show('usual', '#/inbox', PHONE);
	const heading = page.getByRole('heading', { name: 'Roof: the second offer is in' });
	const row = page.getByTestId('thread-row').filter({ hasText: 'second offer' });
	await row.click();
	await heading.waitFor();
	await page.getByRole('button', { name: 'Back' }).click();
	await row.click();
	await heading.waitFor();
	await page.goBack();
	await page.getByRole('heading', { name: 'Inbox' }).waitFor();
	expect(await heading.count()).toBe(0);
});

test('back on a phone, the list stands where it was', async () => {
	const page = await show('many', '#/inbox', PHONE);
	const list = page.getByTestId('mail-list');
	const row = page.getByTestId('thread-row').nth(6);
	const above = await row.innerText();
	await list.evaluate((it) => it.scrollTo(0, 40_000));
	await expect.poll(() => row.innerText()).not.toBe(above);
	// In one turn: the list may put other rows there, and a press that begins on one and ends on another
	// is none.
	const name = await list.evaluate((it) => {
		const { top } = it.getBoundingClientRect();
		const links = it.querySelectorAll<HTMLElement>('[data-testid="thread-row"]');
		const link = [...links].find((one) => one.getBoundingClientRect().top > top + 200);
		link?.click();
		return link?.innerText ?? '';
	});
	await page.getByRole('button', { name: 'Back' }).or(page.getByText('Back to the list')).click();
	await page.getByRole('heading', { name: 'Inbox' }).waitFor();
	await expect.poll(() => list.evaluate((it) => it.scrollTop)).toBeGreaterThan(39_000);
	await page
		.getByTestId('thread-row')
		.filter({ hasText: name.split('\n')[0] })
		.first()
		.waitFor();
});

test.each([
	['phone', PHONE],
	['desktop', DESKTOP]
])(
	'%s: what lies over the mail has no fault that axe can see',
	async (_name, size) => {
		const page = await show('usual', '#/thread/roof', size);
		for (const key of ['l', 'b', '?', 'Control+k']) {
			await page.keyboard.press(key);
			await page.getByRole('dialog').waitFor();
			expect(await findFaults(page), key).toEqual([]);
			await page.keyboard.press('Escape');
			await page.getByRole('dialog').waitFor({ state: 'detached' });
		}
		await page.goto(page.url().replace(/#.*/, '#/settings'));
		await page.getByRole('button', { name: 'New label' }).click();
		await page.getByRole('button', { name: 'New rule' }).click();
		await page.getByRole('textbox', { name: 'Subject' }).fill('offer');
		await page.getByRole('button', { name: 'Try it' }).click();
		await page.getByText('Nothing was changed').waitFor();
		expect(await findFaults(page), 'rule').toEqual([]);
	},
	90_000
);

test('chosen rows: a range, a bar that axe finds whole, one undo for all', async () => {
	const page = await show('usual', '#/inbox', DESKTOP);
	const box = (name: string) => page.getByRole('checkbox', { name: new RegExp(name) });
	await box('Rehearsal').click();
	await box('Your ticket').click({ modifiers: ['Shift'] });
	const bar = page.getByRole('toolbar', { name: 'Chosen conversations' });
	await expectText(bar.getByRole('status'), '3');
	expect(await findFaults(page)).toEqual([]);
	await page.keyboard.press('s');
	await page.getByText('3 conversations starred').waitFor();
	await page.keyboard.press('z');
	await page.getByText('Undone').waitFor();
	expect(await page.getByTestId('thread-row').filter({ hasText: 'Starred' }).count()).toBe(0);
});

test('a finger that rests on a row chooses it, and taps choose more', async () => {
	const page = await show('usual', '#/inbox', PHONE);
	const row = page.getByTestId('thread-row').filter({ hasText: 'Rehearsal' });
	const box = await row.boundingBox();
	if (!box) throw new Error('nothing there to press');
	const session = await page.context().newCDPSession(page);
	const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
	await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
	const bar = page.getByRole('toolbar', { name: 'Chosen conversations' });
	await bar.waitFor();
	await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
	await page.getByTestId('thread-row').filter({ hasText: 'Minutes' }).click();
	await expectText(bar.getByRole('status'), '2');
	expect(new URL(page.url()).hash).toBe('#/inbox');
});

test('an empty draft leaves nothing behind, a begun one stays', async () => {
	const page = await show('usual', '#/inbox', DESKTOP);
	const drafts = page.getByRole('link', { name: /^Drafts/ });
	await page.getByRole('button', { name: 'Write' }).click();
	await page.getByRole('textbox', { name: 'Text of the message' }).waitFor();
	await page.getByRole('button', { name: 'Close, keep as draft' }).click();
	await expect.poll(() => drafts.innerText()).toBe('Drafts');
	await page.getByRole('button', { name: 'Write' }).click();
	await page.getByRole('textbox', { name: 'Subject' }).fill('Keys');
	await page.getByRole('button', { name: 'Close, keep as draft' }).click();
	await drafts.click();
	await page.getByTestId('thread-row').filter({ hasText: 'Keys' }).click();
	await page.getByRole('heading', { name: 'New message' }).waitFor();
});

test('arrows step through the rows, slash finds', async () => {
	const page = await show('usual', '#/inbox', DESKTOP);
	await page.getByTestId('thread-row').first().focus();
	await page.keyboard.press('ArrowDown');
	await expectText(page.locator(':focus'), 'Anja Brandt');
	await page.keyboard.press('/');
	await page.keyboard.type('lease lind');
	await expect.poll(() => page.getByTestId('thread-row').count()).toBe(1);
	await expectText(page.getByTestId('thread-row'), 'Jonas Lind');
	await page.keyboard.type(' nobody');
	await page.getByText('Nothing found').waitFor();
});

test('writing: to nobody, to an ordinary address, to a contact', async () => {
	const page = await show('usual', '#/inbox', DESKTOP);
	await page.getByRole('button', { name: 'Write' }).click();
	const composer = page.getByRole('group', { name: 'Message', exact: true });
	const alert = composer.getByRole('alert');
	await composer.getByRole('button', { name: 'Send', exact: true }).click();
	await expectText(alert, 'Say who it is for.');
	await composer.getByRole('combobox', { name: 'To' }).fill('hans@example.org');
	await page.keyboard.press('Enter');
	await expectText(alert, 'hans@example.org has no address here yet');
	await composer.getByRole('button', { name: 'Copy invite' }).waitFor();
	await composer.getByRole('button', { name: 'Remove hans@example.org' }).click();
	await expectText(alert, 'Say who it is for.');
	await composer.getByRole('combobox', { name: 'To' }).fill('kess');
	await page.keyboard.press('Enter');
	await composer.getByRole('button', { name: 'Remove Mira Kessler' }).waitFor();
	await alert.waitFor({ state: 'detached' });
	await composer.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.press('Control+Enter');
	await page.getByText('Send it without a subject and without a text?').waitFor();
	await page.getByRole('button', { name: 'Back' }).click();
	await composer.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.type('Hello');
	await page.keyboard.press('Control+Enter');
	await page.getByTestId('held').getByText('Sending to Mira').waitFor();
	expect(new URL(page.url()).hash).toBe('#/inbox');
});

test('an answer says who joins by it, and who is left out', async () => {
	const page = await show('usual', '#/thread/roof', PHONE);
	await page.getByRole('button', { name: 'Reply to Mira and Tom' }).click();
	await page.getByRole('link', { name: 'Change people and subject' }).click();
	const composer = page.getByRole('group', { name: 'Message', exact: true });
	const says = composer.getByTestId('course').getByRole('status');
	await composer.getByRole('button', { name: 'Cc, Bcc' }).click();
	expect(await says.innerText()).toBe('');
	await composer.getByRole('combobox', { name: 'Cc', exact: true }).fill('Jonas');
	await page.keyboard.press('Enter');
	await expectText(says, 'Jonas joins this conversation.');
	const choice = composer.getByRole('group', { name: 'What they can read' });
	await choice.getByRole('radio', { name: 'With earlier messages' }).check();
	expect(await findFaults(page)).toEqual([]);
	await composer.getByRole('button', { name: 'Remove Tom Berger' }).click();
	await expectText(says, 'Continues without Tom in a new conversation.');
	await choice.waitFor({ state: 'detached' });
});

test('on the record is a switch that says what it means', async () => {
	const page = await show('usual', '#/inbox', PHONE);
	await page.getByRole('button', { name: 'Write' }).click();
	const composer = page.getByRole('group', { name: 'Message', exact: true });
	const record = composer.getByRole('switch', { name: 'On the record' });
	expect(await record.isChecked()).toBe(false);
	await record.click();
	expect(await record.isChecked()).toBe(true);
	await composer.getByText('can prove to anyone that you wrote it').waitFor();
	expect(await findFaults(page)).toEqual([]);
	await record.click();
	await composer.getByText('cannot prove it to anyone else').waitFor();
});

test('what is on the record says so, and can be exported', async () => {
	const page = await show('usual', '#/thread/roof', DESKTOP);
	const signed = page.getByTestId('message').last();
	await signed.getByText('on the record', { exact: true }).waitFor();
	await signed.hover();
	await signed.getByRole('button', { name: 'Answer this message' }).click();
	const saved = page.waitForEvent('download');
	await signed.getByRole('button', { name: 'Export proof' }).click();
	expect((await saved).suggestedFilename()).toBe('Roof the second offer is in.defms-proof');
	const other = page.getByTestId('message').nth(2);
	await other.hover();
	await other.getByRole('button', { name: 'Answer this message' }).click();
	expect(await other.getByRole('button', { name: 'Export proof' }).count()).toBe(0);
});

test.each([
	['welcome', 'roof.proof', 'valid', 'Valid: signed by Mira Kessler'],
	['usual', 'revoked.proof', 'revoked', 'when it was signed is not provable'],
	['usual', 'bent.proof', 'invalid', 'This is not valid'],
	['welcome', 'noise.proof', 'unreadable', 'This cannot be read']
])('%s: a proof called %s is %s, in words', async (scene, name, verdict, words) => {
	const page = await show(scene, '#/proof', PHONE);
	const buffer = Buffer.from('proof');
	const mimeType = 'application/octet-stream';
	await page.getByLabel('Choose a proof').last().setInputFiles({ name, mimeType, buffer });
	const shown = page.getByTestId('proof');
	await expectText(shown, words);
	expect(await shown.getAttribute('data-verdict')).toBe(verdict);
	await settle(page);
	expect(await findFaults(page), 'light').toEqual([]);
	await page.emulateMedia({ colorScheme: 'dark' });
	await settle(page);
	expect(await findFaults(page, COLOURS), 'dark').toEqual([]);
});

test('a file is compared with the one that was signed', async () => {
	const page = await show('usual', '#/proof', DESKTOP);
	const mimeType = 'application/octet-stream';
	const choose = async (label: string, name: string, size: number) => {
		const file = { name, mimeType, buffer: Buffer.alloc(size) };
		await page.locator('input[type=file]').and(page.getByLabel(label)).setInputFiles(file);
	};
	await choose('Choose a proof', 'roof.proof', 5);
	await page.getByRole('button', { name: /^Ask their post office/ }).click();
	await page.getByText('It did not answer. Try again later.').waitFor();
	await choose('Compare with offer-2.pdf', 'mine.pdf', 1_204_000);
	const list = page.getByTestId('proof').getByRole('list', { name: 'Attachments' });
	await expectText(list, 'mine.pdf: the same file');
	await choose('Compare with offer-2.pdf', 'other.pdf', 7);
	await expectText(list, 'other.pdf: another file, not this one');
});

test('of a long conversation the newest messages, and the others when they are asked for', async () => {
	const page = await show('usual', '#/thread/garden', PHONE);
	await page.getByText('1,215 messages').waitFor();
	const earlier = page.getByRole('button', { name: 'Show earlier messages (1,212)' });
	await page.getByText('3,940 earlier messages are still coming').waitFor();
	await earlier.click();
	await earlier.waitFor({ state: 'detached' });
	expect(await page.getByTestId('message').count()).toBe(3);
});

test('leaving asks once, and then nothing can be answered', async () => {
	const page = await show('usual', '#/thread/garden', PHONE);
	await page.getByRole('button', { name: 'People in this conversation' }).click();
	expect(await findFaults(page)).toEqual([]);
	await page.getByRole('button', { name: 'Leave conversation' }).click();
	const question = page.getByRole('dialog', { name: 'Leave this conversation?' });
	await expectText(question, 'What you have stays');
	expect(await findFaults(page)).toEqual([]);
	await question.getByRole('button', { name: 'Leave', exact: true }).click();
	const reply = page.getByRole('region', { name: 'Your reply' });
	await expectText(reply, 'You left this conversation');
	expect(await reply.getByRole('button').allInnerTexts()).toEqual(['Forward']);
	expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
});

test('whoever began it removes somebody; without room nothing changes, in words', async () => {
	const page = await show('full', '#/thread/garden', DESKTOP);
	await page.getByRole('button', { name: 'People in this conversation' }).click();
	await page.getByRole('button', { name: 'Remove Ines Vogt' }).click();
	const question = page.getByRole('dialog', { name: 'Remove Ines Vogt?' });
	await question.getByRole('button', { name: 'Remove', exact: true }).click();
	await expectText(question.getByRole('alert'), 'nothing was changed');
	await question.getByRole('button', { name: 'Cancel' }).click();
	const people = page.getByRole('list', { name: 'People in this conversation' });
	expect(await people.getByRole('listitem').count()).toBe(4);
});

test('files are picked, dropped and pasted, and can be taken out again', async () => {
	const page = await show('usual', '#/inbox', DESKTOP);
	await page.getByRole('button', { name: 'Write' }).click();
	const composer = page.getByRole('group', { name: 'Message', exact: true });
	const buffer = Buffer.alloc(2_000);
	await composer
		.getByLabel('Files to attach')
		.setInputFiles({ name: 'picked.pdf', mimeType: 'application/pdf', buffer });
	for (const [kind, name] of [
		['drop', 'dropped.png'],
		['paste', 'pasted.png']
	]) {
		await composer.getByRole('textbox', { name: 'Text of the message' }).evaluate(
			(element, [type, fileName]) => {
				const data = new DataTransfer();
				data.items.add(new File(['x'], fileName ?? '', { type: 'image/png' }));
				const options = { bubbles: true, cancelable: true };
				element.dispatchEvent(
					type === 'drop'
						? new DragEvent('drop', { ...options, dataTransfer: data })
						: new ClipboardEvent('paste', { ...options, clipboardData: data })
				);
			},
			[kind, name]
		);
	}
	const files = composer.getByRole('list', { name: 'Attachments' }).getByRole('listitem');
	await expect.poll(() => files.count()).toBe(3);
	await composer.getByRole('button', { name: 'Cancel dropped.png' }).click();
	await expect.poll(() => files.count()).toBe(2);
	await composer.getByRole('combobox', { name: 'To' }).fill('kess');
	await page.keyboard.press('Enter');
	await composer.getByRole('button', { name: 'Send' }).click();
	await page.getByText('Goes out as soon as the files are added.').waitFor();
	await composer.getByRole('button', { name: 'Cancel pasted.png' }).click();
	await composer.getByRole('button', { name: 'Cancel picked.pdf' }).click();
	await composer.waitFor({ state: 'detached' });
});

test('the reply keeps what was typed, formats included', async () => {
	const page = await show('usual', '#/thread/roof', DESKTOP);
	await page.getByRole('button', { name: 'Reply to Mira and Tom' }).click();
	const text = page.getByRole('textbox', { name: 'Text of the message' });
	await expect.poll(() => text.evaluate((it) => it === document.activeElement)).toBe(true);
	await page.keyboard.type('plain ');
	const bold = page.getByRole('button', { name: 'Bold' });
	await bold.click();
	await page.keyboard.type('strong');
	expect(await bold.getAttribute('aria-pressed')).toBe('true');
	await page.getByRole('link', { name: 'Change people and subject' }).click();
	await page.getByRole('heading', { name: 'Reply' }).waitFor();
	await expectText(text, 'plain strong');
	expect(await text.locator('b').innerText()).toBe('strong');
});

test('three words from the paper end the banner', async () => {
	const page = await show('words', '#/inbox', DESKTOP);
	await page.getByRole('button', { name: 'Show words' }).click();
	const list = page.getByRole('list', { name: 'Your 24 words' }).getByRole('listitem');
	const words = await list.allInnerTexts();
	expect(words.length).toBe(24);
	await page.getByRole('button', { name: 'They are on paper' }).click();
	await page.getByRole('button', { name: 'Confirm' }).click();
	await expectText(page.getByRole('alert'), '3 words differ');
	for (const field of await page.getByLabel(/^Word \d+$/).all()) {
		const position = Number(/\d+$/.exec((await field.getAttribute('id')) ?? '')?.[0]);
		await field.fill(words[position] ?? '');
	}
	await page.getByRole('button', { name: 'Confirm' }).click();
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	expect(await page.getByText('Write down your 24 words').count()).toBe(0);
});

test('an invited guest begins in two actions', async () => {
	const page = await show('welcome', '#i=aB3', PHONE);
	await page.getByRole('heading', { name: 'Mira Kessler invites you to write' }).waitFor();
	await page.getByLabel('Your name').fill('Lena');
	await page.getByRole('button', { name: 'Begin' }).click();
	await page.getByRole('navigation', { name: 'Main' }).waitFor();
	await expect.poll(() => new URL(page.url()).hash).toBe('#/inbox');
	expect(await page.getByRole('dialog').count()).toBe(0);
});

test('received HTML is as high as its text, and sandboxed', async () => {
	const page = await show('usual', '#/thread/roof', DESKTOP);
	const frame = page.getByTitle('Message from Mira Kessler');
	const height = async () => (await frame.boundingBox())?.height ?? 0;
	await expect.poll(height).toBeGreaterThan(60);
	expect(await height()).toBeLessThan(200);
	expect(await frame.getAttribute('sandbox')).not.toContain('scripts');
});

async function askToTakeBack(page: Page) {
	const last = page.getByTestId('message').last();
	await last.getByRole('button', { name: 'Answer this message' }).click();
	await page.getByRole('button', { name: 'Take back' }).click();
	return { last, question: page.getByRole('dialog', { name: 'Take this message back?' }) };
}

test('a message is taken back from those who have not got it', async () => {
	const page = await show('usual', '#/thread/roof', DESKTOP);
	const { last, question } = await askToTakeBack(page);
	await expectText(question, 'Mira has it already, keeps it, and sees that you took it back.');
	await expectText(question, 'Tom will not get it.');
	expect(await findFaults(page, { iframes: true })).toEqual([]);
	await question.getByRole('button', { name: 'Take back' }).click();
	await question.waitFor({ state: 'detached' });
	await expectText(last, 'taken back');
	await expectText(last, 'Taken back from Tom');
	await last.getByRole('button', { name: 'Answer this message' }).click();
	expect(await page.getByRole('button', { name: 'Take back' }).count()).toBe(0);
});

test('what is not taken back says why', async () => {
	const page = await show('full', '#/thread/roof', PHONE);
	const { question } = await askToTakeBack(page);
	await question.getByRole('button', { name: 'Take back' }).click();
	await expectText(question.getByRole('alert'), 'no room left');
	await question.getByRole('button', { name: 'Cancel' }).click();
	await question.waitFor({ state: 'detached' });
});

test('a finger archives a row, and leaves a thread', async () => {
	const page = await show('usual', '#/inbox', PHONE);
	const row = page.getByTestId('thread-row').filter({ hasText: 'Rehearsal' });
	await swipe(page, row, 200);
	await page.getByText('Conversation archived').waitFor();
	await row.waitFor({ state: 'detached' });
	await page.getByTestId('thread-row').filter({ hasText: 'Minutes' }).click();
	const heading = page.getByRole('heading', { name: 'Minutes of the owners' });
	await swipe(page, heading, -200);
	expect(await heading.isVisible()).toBe(true);
	await swipe(page, heading, 200);
	await heading.waitFor({ state: 'detached' });
	expect(new URL(page.url()).hash).toBe('#/inbox');
});
