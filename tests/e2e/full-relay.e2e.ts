/** A relay without room: the sender's screen says so, mail stays in the outbox, and goes later. */
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import {
	begin,
	compose,
	expectStatus,
	expectText,
	inviteLink,
	open,
	row,
	toInbox,
	write
} from './support/person.ts';

const ROOF = { subject: 'Roof: the second offer', text: 'They can start in March.' };
const PLANS = { subject: 'Plans', text: 'All of them are attached.' };
const MIB = 1024 * 1024;

for (const [name, flag, sentence] of [
	['relay-disk-full', '--store-bytes', 'The relay has no room for new mail.'],
	['relay-quota-full', '--quota-bytes', 'The relay has no room left for you.']
] as const) {
	test(name, async ({ startRelay, openProfile }) => {
		test.setTimeout(120_000);
		const relay = await startRelay([flag, String(MIB)]);
		const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
		await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
		await bob.close();
		const content = randomBytes(2 * MIB);
		await sendFile(alice.page, 'plans.zip', content);

		const bar = () => alice.page.getByRole('alert').filter({ hasText: sentence });
		await expect(bar()).toContainText('Nothing is lost');
		await expect(alice.page.getByTestId('connection').first()).toContainText('no room');
		await open(alice.page, PLANS.subject);
		// The text has found room; its file waits.
		await expectStatus(alice.page, 'Bob', 'noticed');
		await alice.page.getByText('Why isn’t it there yet?').click();
		await expect(alice.page.getByText(/sealed and safe on this device.*no room/)).toBeVisible();
		// Said truthfully also by a page that begins now.
		await alice.page.reload();
		await expect(bar()).toBeVisible();

		// The operator makes room; until then a kill of the browser would have lost nothing.
		await alice.kill();
		await relay.stop();
		await relay.start([flag, String(64 * MIB)]);
		await alice.reopen();
		await alice.page.goto(relay.url);
		await toInbox(alice.page);
		await alice.page.getByRole('link', { name: /^Sent/ }).first().click();
		await open(alice.page, PLANS.subject);
		await expectStatus(alice.page, 'Bob', 'noticed');
		await expect(bar()).toBeHidden();
		await bob.reopen();
		await bob.page.goto(relay.url);
		await open(bob.page, PLANS.subject);
		await expectText(bob.page, PLANS.text);
		await expectStatus(alice.page, 'Bob', 'delivered');
		await expect(row(bob.page, PLANS.subject)).toHaveCount(1);
	});
}

test('relay-quota-small-goes', async ({ startRelay, openProfile }) => {
	const relay = await startRelay(['--quota-bytes', String(MIB)]);
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await bob.close();
	await sendFile(alice.page, 'plans.zip', randomBytes(2 * MIB));
	await expect(alice.page.getByRole('alert')).toContainText('The relay has no room left for you.');
	// One message that does not fit holds up no other.
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(alice.page, ROOF.subject);
	await expectStatus(alice.page, 'Bob', 'noticed');
	await bob.reopen();
	await bob.page.goto(relay.url);
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
});

test('relay-full-at-begin', async ({ startRelay, openProfile }) => {
	// Room for the tables and nothing in them.
	const relay = await startRelay(['--store-bytes', '4096']);
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await begin(bob.page, relay.url, 'Bob');
	const bar = bob.page
		.getByRole('alert')
		.filter({ hasText: 'The relay has no room for new mail.' });
	await expect(bar).toBeVisible();
	await expect(bob.page.getByTestId('connection').first()).toContainText('no room');
	const link = await inviteLink(bob.page);
	await relay.stop();
	await relay.start(['--store-bytes', String(64 * MIB)]);
	await expect(bar).toBeHidden({ timeout: 60_000 });
	await begin(alice.page, link, 'Alice');
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
});

async function sendFile(page: Page, name: string, buffer: Buffer): Promise<void> {
	const composer = await compose(page, { to: ['Bob'], ...PLANS });
	const mimeType = 'application/octet-stream';
	await page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
	await expect(composer.getByText('2.1 MB', { exact: true })).toBeVisible();
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
}
