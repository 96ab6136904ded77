/** The ways through the app on a phone: Back, fingers, the look around; and a mail that brings its style. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { NOW } from './fixture/mail.ts';
import { settle } from './shots.ts';
import { DESKTOP, findFaults, openStage, PHONE } from './stage.ts';
import { swipe } from './swipe.ts';

const stage = openStage();

function show(
	scene: string,
	fragment: string,
	viewport = PHONE,
	options: { readonly colorScheme?: 'dark' } = {}
): Promise<Page> {
	const isPhone = viewport === PHONE;
	const size = { viewport, hasTouch: isPhone, isMobile: isPhone };
	return stage(scene, fragment, { ...size, now: NOW, ...options });
}

const fragmentOf = (page: Page) => new URL(page.url()).hash;
const row = (page: Page, name: string) => page.getByTestId('thread-row').filter({ hasText: name });

test('Back takes off a dialog, a menu, a search and chosen rows before it leaves a page', async () => {
	const page = await show('usual', '#/inbox');
	await row(page, 'second offer').click();
	await page.getByRole('button', { name: 'People in this conversation' }).click();
	await page.getByRole('button', { name: 'Leave conversation' }).click();
	await page.goBack();
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'More' }).first().click();
	const menu = page.locator(':popover-open');
	await menu.waitFor();
	await page.goBack();
	await menu.waitFor({ state: 'hidden' });
	expect(fragmentOf(page)).toBe('#/thread/roof');
	await page.goBack();
	const search = page.getByRole('combobox').or(page.getByRole('searchbox')).first();
	await search.fill('roof');
	await row(page, 'second offer').click();
	await page.getByRole('heading', { name: 'Roof: the second offer is in' }).waitFor();
	await page.goBack();
	expect(await search.inputValue()).toBe('roof');
	await page.goBack();
	await expect.poll(() => search.inputValue()).toBe('');
	await page.getByRole('checkbox', { name: /Rehearsal/ }).check({ force: true });
	const chosen = page.getByRole('toolbar', { name: 'Chosen conversations' });
	await chosen.waitFor();
	await page.goBack();
	await chosen.waitFor({ state: 'detached' });
	expect(fragmentOf(page)).toBe('#/inbox');
});

test('of what was closed otherwise, Back and Forward make no step', async () => {
	const page = await show('usual', '#/inbox');
	await row(page, 'second offer').click();
	await page.getByRole('button', { name: 'People in this conversation' }).click();
	await page.keyboard.press('Escape');
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await page.goBack();
	await page.getByRole('heading', { name: 'Inbox' }).waitFor();
	await page.goForward();
	await page.getByRole('heading', { name: 'Roof: the second offer is in' }).waitFor();
	await page.goForward();
	expect(await page.getByRole('dialog').count()).toBe(0);
	expect(fragmentOf(page)).toBe('#/thread/roof');
	await page.goBack();
	await page.getByRole('heading', { name: 'Inbox' }).waitFor();
});

test('whoever comes in by a link has the inbox behind them', async () => {
	const page = await show('usual', '#/thread/garden');
	await page.getByRole('button', { name: 'People in this conversation' }).click();
	await page.goBack();
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await page.goBack();
	await page.getByRole('heading', { name: 'Inbox' }).waitFor();
	expect(fragmentOf(page)).toBe('#/inbox');
});

test('a dialog that is a page of its own is not come back to', async () => {
	const page = await show('usual', '#/inbox');
	await page.evaluate(() => (location.hash = '#i=aB3'));
	await page.getByRole('dialog').getByRole('button', { name: 'Not now' }).click();
	await page.getByRole('heading', { name: 'People' }).first().waitFor();
	await page.goBack();
	await page.getByRole('heading', { name: 'Inbox' }).waitFor();
	expect(await page.getByRole('dialog').count()).toBe(0);
});

test('the list beside a conversation outlives a reload', async () => {
	const page = await show('usual', '#/label/house', DESKTOP);
	await row(page, 'second offer').first().click();
	await page.getByRole('heading', { name: 'Roof: the second offer is in' }).waitFor();
	await page.reload();
	await page.getByRole('region', { name: 'House' }).waitFor();
	await page.getByRole('toolbar').getByRole('button', { name: 'Back' }).click();
	await page
		.getByRole('heading', { name: 'Roof: the second offer is in' })
		.waitFor({ state: 'detached' });
	expect(fragmentOf(page)).toBe('#/label/house');
});

test('another paper is no step of Back’s', async () => {
	const page = await show('usual', '#/inbox', PHONE, { colorScheme: 'dark' });
	await page.evaluate(() => (location.hash = '#/thread/newsletter'));
	const frame = page.getByTitle('Message from Mira Kessler');
	await frame.waitFor();
	await page.getByRole('button', { name: 'Answer this message' }).click();
	await page.getByRole('button', { name: 'Show as sent' }).click();
	await page.locator(':popover-open').waitFor({ state: 'hidden' });
	await frame.contentFrame().getByText('The quay is open again').waitFor();
	await page.goBack();
	await page.getByRole('heading', { name: 'Inbox' }).waitFor();
});

test('a finger leaves a conversation from received HTML, and snoozes a row', async () => {
	const page = await show('usual', '#/inbox');
	await row(page, 'Minutes').waitFor();
	await row(page, 'second offer').click();
	const frame = page.getByTitle('Message from Mira Kessler').first();
	await frame.contentFrame().locator('body > *').first().waitFor();
	await swipe(page, frame, 200);
	await expect.poll(() => fragmentOf(page)).toBe('#/inbox');
	await swipe(page, row(page, 'Minutes'), -200);
	const dialog = page.getByRole('dialog', { name: 'Snooze until' });
	await dialog.waitFor();
	await page.goBack();
	await dialog.waitFor({ state: 'detached' });
	expect(await row(page, 'Minutes').count()).toBe(1);
});

test('a finger leaves a person, for the list of people', async () => {
	const page = await show('usual', '#/people');
	await page.getByTestId('contact').filter({ hasText: 'Jonas' }).click();
	const heading = page.getByRole('heading', { name: 'Jonas Lind' });
	await swipe(page, heading, 200);
	await heading.waitFor({ state: 'detached' });
	expect(fragmentOf(page)).toBe('#/people');
	await page.goBack();
	expect(fragmentOf(page)).not.toContain('#/people/');
});

test('the look around: one note at a time, the thing itself, and put off for good', async () => {
	const page = await show('tour', '#/inbox', DESKTOP);
	const tour = page.getByRole('region', { name: 'A look around' });
	const press = (name: string) => tour.getByRole('button', { name }).click();
	await tour.getByText('Everything begins with Write').waitFor();
	await press('Show it');
	const write = page.getByRole('button', { name: 'Write', exact: true });
	expect(
		await write.evaluate((it) => it.hasAttribute('data-pointed') && it.matches(':focus'))
	).toBe(true);
	await tour.getByText('Strangers knock first').waitFor();
	expect(await page.locator('[data-pointed]').count()).toBe(1);
	await press('Next');
	expect(await page.locator('[data-pointed]').count()).toBe(0);
	await tour.getByText('You see who has it').waitFor();
	await press('Show it');
	await page.locator('[data-testid=recipient-status][data-pointed]').waitFor();
	await page.goBack();
	await tour.getByText('Off the record').waitFor();
	await press('Next');
	await tour.getByText('Twenty-four words').waitFor();
	await press('Not now');
	await tour.waitFor({ state: 'detached' });
	await page.getByRole('link', { name: 'Settings' }).click();
	await page.getByRole('button', { name: 'Show me around' }).click();
	await tour.getByText('Everything begins with Write').waitFor();
});

test.each([
	['phone', PHONE, 'light'],
	['phone', PHONE, 'dark'],
	['desktop', DESKTOP, 'dark']
] as const)(
	'%s, %o, %s: the look around covers nothing, and axe sees no fault',
	async (_, size, scheme) => {
		const page = await show('tour', '#/inbox', size);
		await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
		const tour = page.getByRole('region', { name: 'A look around' });
		await tour.scrollIntoViewIfNeeded();
		await settle(page);
		expect(await tour.evaluate((it) => getComputedStyle(it).position)).toBe('static');
		expect(await findFaults(page)).toEqual([]);
		if (size !== PHONE) return;
		// Asked for, it stands above the list.
		await page.evaluate(() => (location.hash = '#/settings'));
		await page.getByRole('button', { name: 'Show me around' }).click();
		await tour.waitFor();
		const first = await page.getByTestId('thread-row').first().boundingBox();
		expect((await tour.boundingBox())?.y).toBeLessThan(first?.y ?? 0);
	}
);

test('a mail’s own sheet: on a desk, on a phone, on dark paper', async () => {
	for (const [size, columns] of [
		[DESKTOP, 'table-cell'],
		[PHONE, 'block']
	] as const) {
		const page = await show('usual', '#/thread/sheet', size, { colorScheme: 'dark' });
		const frame = page.getByTitle('Message from Mira Kessler').contentFrame();
		const cell = frame.locator('td', { hasText: 'Market' }).last();
		await cell.waitFor();
		const look = await cell.evaluate((it) => {
			const { display, backgroundImage } = getComputedStyle(it);
			return { display, backgroundImage };
		});
		expect(look).toEqual({ display: columns, backgroundImage: 'none' });
		const title = frame.getByRole('heading', { name: 'The quay in winter' });
		// Turned over for dark paper: light on dark, whatever the mail says of dark schemes.
		expect(await title.evaluate((it) => getComputedStyle(it).color)).toMatch(/^oklch\(0\.[6-9]/);
		expect(await frame.getByText('Seen in lists alone').isVisible()).toBe(false);
	}
});
