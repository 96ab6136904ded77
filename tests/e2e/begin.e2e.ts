/** The first minute, and the words that give an address back. */
import { chromium } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-browser.mjs';
import { expect, test } from './support/fixtures.ts';
import { begin, expectConnection, inviteLink } from './support/person.ts';

test('begin', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const bob = await openProfile('bob');
	await bob.page.goto(relay.url);
	// Two actions: a name, and Begin.
	await bob.page.getByLabel('Your name').fill('Bob');
	await bob.page.getByRole('button', { name: 'Begin' }).click();
	await expect(bob.page.getByRole('region', { name: 'Your invite link' })).toBeVisible();
	await expect(bob.page.getByRole('img', { name: /QR code/ })).toBeVisible();
	await expectConnection(bob.page, 'relay');
	const link = await inviteLink(bob.page);
	expect(new URL(link).hash.length).toBeGreaterThan(100);
	expect(link.length).toBeLessThanOrEqual(300);
	// A reload is no new beginning.
	await bob.page.reload();
	await expect(bob.page.getByRole('navigation', { name: 'Main' })).toBeVisible();
	expect(await inviteLink(bob.page)).toBe(link);
});

test('private-window', async ({ startRelay }) => {
	const relay = await startRelay();
	const executablePath = await findChromium();
	if (!executablePath) throw new Error('no Chromium found; set CHROMIUM_PATH');
	// A context beside the profile is what a private window is: nothing of it comes to the disk.
	const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
	try {
		const page = await (await browser.newContext()).newPage();
		await page.goto(relay.url);
		await expect(page.getByRole('note')).toContainText('This looks like a private window');
	} finally {
		await browser.close();
	}
});

test('words', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [bob, clean] = [await openProfile('bob'), await openProfile('clean')];
	await begin(bob.page, relay.url, 'Bob');
	await bob.page.getByRole('button', { name: 'Show words' }).click();
	const list = bob.page.getByRole('dialog').getByRole('listitem');
	await expect(list).toHaveCount(24);
	const words = await list.allInnerTexts();
	const typed = words.map((word) => word.replace(/[^a-z]/g, '')).join(' ');
	await bob.page.keyboard.press('Escape');
	await bob.page.getByRole('link', { name: 'Settings' }).first().click();
	const address = await bob.page
		.getByText(/@k51[a-z0-9]+\.ipns/)
		.first()
		.innerText();

	await clean.page.goto(relay.url);
	await clean.page.getByRole('button', { name: 'I have my words' }).click();
	await clean.page.getByRole('textbox').first().fill(`${typed} oops`);
	await clean.page.getByLabel(/name/i).last().fill('Bob');
	await clean.page.getByRole('button', { name: 'Bring it back' }).click();
	await expect(clean.page.getByRole('alert')).toBeVisible();
	await clean.page.getByRole('textbox').first().fill(typed);
	await clean.page.getByRole('button', { name: 'Bring it back' }).click();
	await clean.page.getByRole('link', { name: 'Settings' }).first().click();
	await expect(clean.page.getByText(/@k51[a-z0-9]+\.ipns/).first()).toHaveText(address);
});
