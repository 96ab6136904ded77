/** A full disk in one person's browser: nothing is lost or half written, and mail goes on by itself. */
import { randomBytes } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { emptyDisk, expectReserve, fillDisk, limitDisk } from './support/disk.ts';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import {
	compose,
	expectConnection,
	expectStatus,
	expectText,
	open,
	row,
	toInbox,
	write
} from './support/person.ts';

const ROOF = { subject: 'Roof: the second offer', text: 'They can start in March.' };
const NOTE = { subject: 'Short note', text: 'Two lines, no files.' };
const MINUTES = { subject: 'Minutes', text: 'We paint the stairs in May.' };

test('full-disk-sending', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await limitDisk(alice.page, relay.url);
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await write(alice.page, { to: ['Bob'], ...MINUTES });
	await open(alice.page, MINUTES.subject);
	await expectStatus(alice.page, 'Bob', 'delivered');
	const composer = await compose(alice.page, { to: ['Bob'], ...ROOF });
	await expect(composer.getByTestId('saved')).toContainText('Saved');
	await fillDisk(alice.page);

	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer.getByRole('alert')).toContainText('nothing was sent');
	await expect(composer.getByRole('alert')).toContainText('The draft is still here');
	await expect(noRoom(alice.page)).toBeVisible();
	// What is written on is kept on screen, and said not to be stored.
	await composer.getByRole('textbox', { name: 'Text of the message' }).click();
	await alice.page.keyboard.press('Control+End');
	await alice.page.keyboard.insertText(' Or in April.');
	await expect(composer.getByTestId('saved')).toContainText('Not saved yet: no room');
	// Meanwhile mail can be read, also after a reload, and of the refused message there is no trace.
	await alice.page.getByRole('link', { name: /^Sent/ }).first().click();
	await open(alice.page, MINUTES.subject);
	await expectText(alice.page, MINUTES.text);
	await expect(row(alice.page, ROOF.subject)).toHaveCount(0);
	const second = await alice.newTab();
	await second.goto(relay.url);
	await openDraft(second);
	await expectText(second, ROOF.text);
	await second.close();

	await openDraft(alice.page);
	await expect(composer.getByRole('textbox', { name: 'Text of the message' })).toContainText(
		'Or in April.'
	);
	await emptyDisk(alice.page);
	// The draft saves itself as soon as there is room, with nobody typing.
	await expect(composer.getByTestId('saved')).toContainText('Saved');
	await expect(noRoom(alice.page)).toBeHidden();
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, 'They can start in March. Or in April.');
	await expect(row(bob.page, ROOF.subject)).toHaveCount(1);
});

test('full-disk-receiving', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await limitDisk(bob.page, relay.url);
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await write(alice.page, { to: ['Bob'], ...MINUTES });
	await open(bob.page, MINUTES.subject);
	await expectConnection(bob.page, 'direct');
	await toInbox(bob.page);
	await fillDisk(bob.page);

	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(alice.page, ROOF.subject);
	await expectStatus(alice.page, 'Bob', 'noticed');
	await expect(noRoom(bob.page)).toContainText('new mail waits at its holders');
	await expect(row(bob.page, ROOF.subject)).toHaveCount(0);
	await open(bob.page, MINUTES.subject);
	await expectText(bob.page, MINUTES.text);
	// The page may even be closed meanwhile: nobody has said that the message arrived.
	await bob.page.reload();
	await expect(noRoom(bob.page)).toBeVisible({ timeout: 30_000 });
	await expectStatus(alice.page, 'Bob', 'noticed');

	await emptyDisk(bob.page);
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
	await expect(noRoom(bob.page)).toBeHidden();
	await expectStatus(alice.page, 'Bob', 'delivered');
});

test('full-disk-room', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await limitDisk(bob.page, relay.url);
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await write(alice.page, { to: ['Bob'], ...NOTE });
	const composer = await compose(alice.page, { to: ['Bob'], ...MINUTES });
	await attach(alice.page, 'recording.flac', randomBytes(3_000_000));
	await expect(composer.getByText('3.0 MB', { exact: true })).toBeVisible();
	await composer.getByRole('button', { name: 'Send' }).click();
	await open(alice.page, MINUTES.subject);
	await expectStatus(alice.page, 'Bob', 'delivered');
	await open(bob.page, MINUTES.subject);
	await expectText(bob.page, MINUTES.text);
	await expectReserve(bob.page);
	await fillDisk(bob.page);

	// A few words make no room at once: what must be written of their deletion finds some set aside.
	await open(bob.page, NOTE.subject);
	await deleteForGood(bob.page);
	await expect(row(bob.page, NOTE.subject)).toHaveCount(0);
	await fillDisk(bob.page);
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await expect(noRoom(bob.page)).toBeVisible({ timeout: 30_000 });

	await open(bob.page, MINUTES.subject);
	await deleteForGood(bob.page);
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
	await expect(row(bob.page, MINUTES.subject)).toHaveCount(0);
	await expect(noRoom(bob.page)).toBeHidden();
});

/** Even the trash needs a little room, so the reader is offered what needs none. */
async function deleteForGood(page: Page): Promise<void> {
	const bar = page.getByRole('toolbar', { name: 'Conversation' });
	await bar.getByRole('button', { name: 'Move to trash' }).click();
	await page.getByRole('button', { name: 'Delete for good' }).click();
}

function noRoom(page: Page): Locator {
	return page.getByRole('alert').filter({ hasText: 'No room left on this device.' });
}

async function openDraft(page: Page): Promise<void> {
	await page
		.getByRole('link', { name: /^Drafts/ })
		.first()
		.click();
	await row(page, ROOF.subject).click();
}

async function attach(page: Page, name: string, buffer: Buffer): Promise<void> {
	await page
		.locator('input[type=file]')
		.setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}
