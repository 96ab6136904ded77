/** The app in another language than that of its source. */
import { expect, test } from './support/fixtures.ts';
import { begin, untilInstalled } from './support/person.ts';

test('mail: in Arabic', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const { page, context } = await openProfile('alice');
	await begin(page, relay.url, 'Alice');
	await untilInstalled(page);
	await page.goto(`${relay.url}/#/settings`);
	await page.getByRole('combobox', { name: 'Language' }).selectOption('ar');

	// The page loads itself anew, and reads from right to left.
	await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
	const inbox = page.getByRole('link', { name: 'البريد الوارد' });
	await expect(inbox.first()).toBeVisible();
	await inbox.first().click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('البريد الوارد');
	const box = await page.getByRole('navigation').boundingBox();
	expect(box?.x).toBeGreaterThan(500);

	// Its words are there without a network, too.
	await context.setOffline(true);
	await page.reload();
	await expect(inbox.first()).toBeVisible();
	await context.setOffline(false);

	await page.evaluate(() => localStorage.removeItem('defms-language'));
	await page.reload();
	await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
	await expect(page.getByRole('link', { name: 'Inbox' }).first()).toBeVisible();
});
