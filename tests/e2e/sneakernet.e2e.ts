/** Mail where there is no network at all: it goes by hand, both ways, and nothing comes twice. */
import type { Locator, Page } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { cameraFlags, film, modulesOf } from './support/camera.ts';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import {
	answer,
	compose,
	expectConnection,
	expectStatus,
	expectText,
	open,
	row,
	toInbox,
	untilInstalled,
	write
} from './support/person.ts';

const ROOF = { to: ['Bob'], subject: 'Roof: the second offer', text: 'They can start in March.' };
const ANSWER = 'March is fine. I paid the deposit.';
const FILE = {
	name: 'offer.zip',
	mimeType: 'application/zip',
	buffer: Buffer.alloc(400_000, 'offer\n')
};

test('threads: sneakernet', async ({ startRelay, openProfile }, testInfo) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const camera = testInfo.outputPath('camera.y4m');
	const alice = await openProfile('alice', { flags: cameraFlags(camera) });
	const bob = await openProfile('bob');
	// She has his invite; he has nothing of hers.
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	for (const { page } of [alice, bob]) await untilInstalled(page);
	await relay.kill();
	for (const { page, context } of [alice, bob]) {
		await context.setOffline(true);
		await page.reload();
		await expectConnection(page, 'offline');
	}

	const composer = await compose(alice.page, ROOF);
	await alice.page.locator('input[type=file]').setInputFiles(FILE);
	await expect(composer.getByRole('progressbar')).toHaveCount(0);
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
	await open(alice.page, ROOF.subject);
	await expectStatus(alice.page, 'Bob', 'written');
	await alice.page.getByText('Why isn’t it there yet?').click();
	await alice.page.getByRole('button', { name: 'Hand it over without a network' }).click();
	const handing = alice.page.getByRole('dialog', { name: 'Hand over to Bob' });
	await expect(handing.getByTestId('contents')).toContainText('1 message with 1 file');
	await expect(handing.getByRole('button', { name: 'Show QR codes' })).toHaveCount(0);
	const stick = await saveParcel(alice.page, handing, testInfo.outputPath('stick.defms'));

	await takeIn(bob.page, stick);
	await expectTaken(bob.page, '1 new message from Alice.');
	await bob.page.getByRole('link', { name: 'Read it' }).click();
	await expectText(bob.page, ROOF.text);
	const saved = bob.page.waitForEvent('download');
	await bob.page.getByRole('button', { name: /^Save offer\.zip/ }).click();
	expect(await readFile(await (await saved).path())).toEqual(FILE.buffer);
	await answer(bob.page, 'Reply', ANSWER);
	await bob.page.getByRole('link', { name: 'People' }).first().click();
	await bob.page.getByRole('link', { name: /Alice/ }).click();
	await bob.page.getByRole('button', { name: 'Hand over' }).click();
	const back = bob.page.getByRole('dialog', { name: 'Hand over to Alice' });
	await expect(back.getByTestId('contents')).toContainText(
		'1 message that Alice has not got yet and the word that you have 1 message of theirs'
	);
	const pictures = await photographCodes(bob.page, back, testInfo.outputPath('code'), camera);

	// She holds her camera to his screen.
	await toParcels(alice.page);
	await alice.page.getByRole('button', { name: 'Scan QR codes' }).click();
	await expectTaken(alice.page, '1 new message from Bob.');
	await expect(alice.page.getByTestId('parcel')).toContainText('Bob has your message.');
	await alice.page.getByRole('link', { name: 'Read it' }).click();
	await expectText(alice.page, ANSWER);
	await expectStatus(alice.page, 'Bob', 'delivered');
	// Or she takes pictures of it: the camera sees nothing now.
	await film(camera, [[]]);
	await takeInCodes(alice.page, pictures);
	await expectTaken(alice.page, 'Nothing new: you had all of it.');
	// A finder learns nothing of it, and a parcel that was damaged on its way says so.
	await takeIn(alice.page, stick);
	await expect(alice.page.getByTestId('parcel')).toHaveAttribute('data-outcome', 'for-another');
	const bent = await readFile(stick);
	bent.writeUInt8(bent.readUInt8(300_000) ^ 1, 300_000);
	await writeFile(stick, bent);
	await takeIn(bob.page, stick);
	await expect(bob.page.getByTestId('parcel')).toHaveAttribute('data-outcome', 'part');

	// The network is back, and knows nothing new.
	await relay.start();
	for (const { context } of [alice, bob]) await context.setOffline(false);
	for (const { page } of [alice, bob]) {
		await toInbox(page);
		const connection = page.getByTestId('connection').first();
		await expect(connection).toHaveAttribute('data-state', /relay|direct/, { timeout: 30_000 });
	}
	await write(alice.page, { ...ROOF, subject: 'Light', text: 'It is on again.' });
	await open(bob.page, 'Light');
	await expectStatusIn(bob.page, ROOF.subject, 'Alice');
	for (const { page } of [alice, bob]) {
		await toInbox(page);
		await expect(row(page, ROOF.subject)).toHaveCount(1);
		await open(page, ROOF.subject);
		await expect(page.getByTestId('message')).toHaveCount(2);
	}
	await expectStatus(alice.page, 'Bob', 'delivered');
});

async function expectStatusIn(page: Page, subject: string, name: string): Promise<void> {
	await toInbox(page);
	await open(page, subject);
	await expectStatus(page, name, 'delivered');
}

async function saveParcel(page: Page, dialog: Locator, file: string): Promise<string> {
	const saved = page.waitForEvent('download');
	await dialog.getByRole('button', { name: 'Save as a file' }).click();
	const download = await saved;
	expect(download.suggestedFilename()).toMatch(/^parcel-[0-9a-f]{4}\.defms$/);
	await download.saveAs(file);
	await expect(dialog.getByTestId('handed-over')).toBeVisible();
	await dialog.getByRole('button', { name: 'Close' }).last().click();
	return file;
}

async function toParcels(page: Page): Promise<void> {
	await page.getByRole('link', { name: 'Settings' }).first().click();
	await page.getByRole('main').getByRole('link', { name: 'Take in a parcel' }).click();
}

async function takeIn(page: Page, file: string): Promise<void> {
	await toParcels(page);
	await page.getByLabel('Choose a parcel').setInputFiles(file);
}

async function expectTaken(page: Page, sentence: string): Promise<void> {
	const result = page.getByTestId('parcel');
	await expect(result).toContainText(sentence);
	await expect(result).toHaveAttribute('data-outcome', 'taken');
}

/** A picture of each, and a film of all; the last one first. */
async function photographCodes(
	page: Page,
	dialog: Locator,
	name: string,
	camera: string
): Promise<string[]> {
	await dialog.getByRole('button', { name: 'Show QR codes' }).click();
	const codes = dialog.getByTestId('codes');
	await codes.getByRole('button', { name: 'Stop here' }).click();
	const label = await codes.getByRole('img').getAttribute('aria-label');
	const count = Number(/of (\d+)/.exec(label ?? '')?.[1]);
	expect(count).toBeGreaterThan(3);
	const files: string[] = [];
	const modules: (readonly (readonly [number, number])[])[] = [];
	for (let left = count; left > 0; left--) {
		await codes.getByRole('button', { name: 'Code before' }).click();
		const file = `${name}-${String(left)}.png`;
		await codes.getByRole('img').screenshot({ path: file });
		files.push(file);
		modules.push(await modulesOf(codes.getByRole('img')));
	}
	await film(camera, modules);
	await page.keyboard.press('Escape');
	return files;
}

async function takeInCodes(page: Page, pictures: readonly string[]): Promise<void> {
	await toParcels(page);
	await page.getByRole('button', { name: 'Scan QR codes' }).click();
	const dialog = page.getByRole('dialog', { name: 'Scan QR codes' });
	const [last = '', ...others] = pictures;
	const field = dialog.getByLabel('Pictures of codes');
	await field.setInputFiles([...others]);
	const read = dialog.getByTestId('codes-read');
	await expect(read).toHaveText(
		`${String(others.length)} of ${String(pictures.length)} codes read`
	);
	await field.setInputFiles(last);
	await expect(dialog).toBeHidden();
}
