/** Mail comes from other programs, goes on where it was interrupted, and leaves as it came. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { begin, open } from './support/person.ts';

const CONVERSATIONS = 400;

/** A browser without the dialog: what is saved is a download. */
const WITHOUT_PICKER = 'delete window.showSaveFilePicker';

test('mail: import-export', async ({ startRelay, openProfile }, testInfo) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const { page } = await openProfile('alice');
	await page.addInitScript(WITHOUT_PICKER);
	await begin(page, relay.url, 'Alice');
	const mails = conversations();
	const file = testInfo.outputPath('All.mbox');
	await writeFile(file, mails.map((mail) => `${SEPARATOR}${mail}\n`).join(''));

	// The page is left in the midst of it; the same file, chosen again, goes on.
	await choose(page, file);
	const counts = page.getByText(/^[\d,]+ messages/);
	await expect(counts).toBeVisible({ timeout: 20_000 });
	await expect(counts).not.toHaveText(/^0 /, { timeout: 20_000 });
	await page.reload();
	await settings(page);
	await expect(page.getByText(/^Not finished;/)).toBeVisible();
	await choose(page, file);
	const done = page.getByTestId('brought');
	await expect(done).toContainText('All of it is here.', { timeout: 60_000 });
	await expect(done).toContainText(`${mails.length.toLocaleString('en')} messages.`);

	// Three mails that came in no order are one conversation, and say what they are.
	await page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
	await open(page, 'Harbour');
	await expect(page.getByTestId('message')).toHaveCount(3);
	await expect(page.getByText('not end-to-end').first()).toBeVisible();
	await expect(page.getByText('never end-to-end encrypted')).toBeVisible();

	// What leaves is what came.
	await settings(page);
	const saved = page.waitForEvent('download', { timeout: 60_000 });
	await page.getByRole('button', { name: 'Save as .mbox' }).click();
	const mbox = await readFile(await (await saved).path(), 'latin1');
	const taken = mbox.split(/^From .*\n/m).slice(1);
	expect(taken.map((mail) => mail.slice(0, -1)).sort()).toEqual([...mails].sort());

	// Or only what was chosen.
	await page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
	await page.getByRole('checkbox', { name: 'Choose: Harbour' }).click();
	await page.getByRole('button', { name: 'More to do with these' }).click();
	const savedToo = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Save as .mbox…' }).click();
	const few = await readFile(await (await savedToo).path(), 'latin1');
	expect(few.match(/^From .*\n/gm)).toHaveLength(3);
});

const SEPARATOR = 'From mira@example.org Sun Nov 22 11:00:00 2026\n';

/** Besides many short ones, one of three mails, the answers first. */
function conversations(): string[] {
	const harbour = [
		mail('h3', 'Re: Harbour', 'References: <h1@x> <h2@x>\n'),
		mail('h2', 'Re: Harbour', 'In-Reply-To: <h1@x>\n'),
		mail('h1', 'Harbour', 'X-Gmail-Labels: Inbox\n')
	];
	const others = Array.from({ length: CONVERSATIONS }, (_, at) => [
		mail(`a${String(at)}`, `Number ${String(at)}`),
		mail(`b${String(at)}`, `Re: Number ${String(at)}`, `In-Reply-To: <a${String(at)}@x>\n`)
	]);
	return [...harbour, ...others.flat()];
}

function mail(id: string, subject: string, more = ''): string {
	return [
		'From: Mira <mira@example.org>',
		'To: Alice <alice@example.org>',
		`Message-ID: <${id}@x>`,
		`Subject: ${subject}`,
		`Date: Sun, 22 Nov 2020 11:00:${id.startsWith('h') ? `0${id.slice(1)}` : '30'} +0000`,
		`${more}`,
		`The text of ${id}.\n`
	].join('\n');
}

async function settings(page: Page): Promise<void> {
	await page.getByRole('link', { name: 'Settings' }).first().click();
}

async function choose(page: Page, file: string): Promise<void> {
	await settings(page);
	await page.getByTestId('mail-files').setInputFiles(file);
}
