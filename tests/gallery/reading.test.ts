/** Reading: what a message brings along is shown without leaving the sandbox. */
import { expect, test } from 'vitest';
import { findFaults, openStage } from './stage.ts';

const stage = openStage();
const show = (fragment: string, colorScheme: 'light' | 'dark' = 'light') =>
	stage('usual', `#/thread/${fragment}`, { colorScheme });

test('a PDF is drawn in an origin of its own, and its programs do not run', async () => {
	const page = await show('files');
	await page.getByRole('button', { name: /^Open offer.pdf/ }).click();
	await page.getByText('1 page', { exact: true }).waitFor();
	const frame = page.frameLocator('[data-testid=pdf]');
	await frame.locator('canvas').waitFor();
	expect(await frame.locator('.words').textContent()).toContain('The second offer');
	const origin = await frame.locator('body').evaluate(() => globalThis.origin);
	expect(origin).toBe('null');
	expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
});

test('a broken PDF says so, and can be saved', async () => {
	const page = await show('files');
	await page.getByRole('button', { name: /^Open broken.pdf/ }).click();
	await page.getByText('It cannot be shown. Save it to try elsewhere.').waitFor();
	expect(await page.getByRole('dialog').getByRole('button', { name: 'Save' }).isVisible()).toBe(
		true
	);
});

test('a text file is shown as text', async () => {
	const page = await show('files');
	await page.getByRole('button', { name: /^Open notes.txt/ }).click();
	const text = page.getByLabel('Text of notes.txt');
	await text.waitFor();
	expect(await text.textContent()).toContain('Bring the ladder.\nمرحبا\n你好');
});

test('on dark paper a mail is turned over, and shown as sent when asked', async () => {
	const page = await show('newsletter', 'dark');
	const mail = page.getByTestId('message').frameLocator('iframe');
	const paper = () =>
		mail.locator('html').evaluate((root) => getComputedStyle(root).backgroundColor);
	expect(await paper()).toContain('0.21');
	await page.getByTestId('message').hover();
	await page.getByRole('button', { name: 'Answer this message, and more' }).click();
	await page.getByRole('button', { name: 'Show as sent' }).click();
	await expect.poll(paper, { timeout: 10_000 }).toBe('rgb(255, 255, 255)');
});

test('a mail that is higher than its box, and than any frame, is read to its end', async () => {
	const page = await show('high');
	const end = page.getByTestId('message').frameLocator('iframe').getByText('The end.');
	await end.scrollIntoViewIfNeeded();
	// Playwright scrolls what no person could: the frame itself has to offer it.
	const root = page.getByTestId('message').frameLocator('iframe').locator('html');
	const reach = await root.evaluate((it) => ({
		style: getComputedStyle(it).overflowY,
		isHigh: it.clientHeight > 10_000
	}));
	expect(reach).toEqual({ style: 'auto', isHigh: true });
});

test('what is remembered of a sender holds for nothing that is only said to be theirs', async () => {
	const pictures = 'https://pictures.example/';
	const page = await stage('usual', '#/thread/newsletter', { mayAsk: pictures });
	const always = page.getByRole('button', { name: 'Always load for Mira' });
	await page.context().route(`${pictures}**`, (route) => route.abort());
	const asked = page.waitForRequest(`${pictures}**`);
	await always.click();
	await asked;
	await page.getByText('Pictures from elsewhere are always loaded').waitFor();
	await page.evaluate(() => (location.hash = '#/thread/passed'));
	await page.getByText('1 picture from elsewhere not shown').waitFor();
	await page.getByRole('button', { name: 'Load for this message' }).waitFor();
	expect(await always.count()).toBe(0);
});

test('a mail that is painted for a desk fits a phone', async () => {
	const page = await show('newsletter');
	await page.setViewportSize({ width: 390, height: 844 });
	const root = page.getByTestId('message').frameLocator('iframe').locator('html');
	await expect
		.poll(() => root.evaluate((it) => it.scrollWidth - it.clientWidth))
		.toBeLessThanOrEqual(0);
});

test('the source of a message is shown', async () => {
	const page = await show('newsletter');
	await page.getByTestId('message').hover();
	await page.getByRole('button', { name: 'Answer this message, and more' }).click();
	await page.getByRole('button', { name: 'Show source' }).click();
	const source = () => page.getByTestId('source').textContent();
	await expect.poll(source, { timeout: 10_000 }).toContain('Subject: Rent');
	expect(await page.getByTestId('facts').textContent()).toContain('Message id: newsletter-1');
});

test('an invitation is shown as what it asks', async () => {
	const page = await show('files');
	const card = page.getByRole('region', { name: 'Invitation' });
	await card.waitFor();
	const text = await card.textContent();
	expect(text).toContain('Mira invites you');
	expect(text).toContain('Dinner for the roofers');
	expect(text).toContain('5 December 2025');
	expect(await card.getByRole('button', { name: 'Maybe' }).isEnabled()).toBe(true);
});

test.each(['quotes', 'files', 'newsletter'])(
	'%s is clean for axe, light and dark',
	async (fragment) => {
		const page = await show(fragment);
		await page.getByTestId('message').last().waitFor();
		if (fragment === 'files') await page.getByRole('region', { name: 'Invitation' }).waitFor();
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme });
			expect(await findFaults(page)).toEqual([]);
		}
	},
	60_000
);
