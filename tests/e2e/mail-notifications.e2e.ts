/** New mail shows up while another window is in front, and its buttons do what they say. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { open, toInbox, write } from './support/person.ts';

test('mail: notifications', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const alice = await openProfile('alice');
	const bob = await openProfile('bob', { isWhole: true });
	await bob.context.grantPermissions(['notifications'], { origin: relay.url });
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await bob.page.getByRole('link', { name: 'Settings' }).click();
	await bob.page.getByText('Name and subject', { exact: true }).click();
	await expect(bob.page.getByText('Whoever sees your screen can read them.')).toBeVisible();

	// In front there is nothing to tell; the row says it.
	await write(alice.page, { to: ['Bob'], subject: 'Roof', text: 'In March.' });
	await expect(bob.page).toHaveTitle(/^\(1\)/);
	expect(await shown(bob.page)).toEqual([]);

	await isBehind(bob.page);
	await write(alice.page, { to: ['Bob'], subject: 'Garden', text: 'In May.' });
	await expect.poll(() => shown(bob.page)).toEqual(['Alice: Garden']);
	// What was read is not told any more.
	await bob.page.bringToFront();
	await toInbox(bob.page);
	await open(bob.page, 'Garden');
	await expect.poll(() => shown(bob.page)).toEqual([]);
});

/** What the system shows of this app. */
function shown(page: Page): Promise<string[]> {
	return page.evaluate(async () => {
		const registration = await navigator.serviceWorker.ready;
		const all = await registration.getNotifications();
		return all.map(({ title, body }) => `${title}: ${body}`);
	});
}

/** Another tab comes to the front. */
async function isBehind(page: Page): Promise<void> {
	const session = await page.context().newCDPSession(page);
	// Playwright makes each page believe that it has the focus.
	await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
	const other = await page.context().newPage();
	await other.bringToFront();
	await expect.poll(() => page.evaluate(() => document.hasFocus())).toBe(false);
}
