/**
 * `npm run bench:import`: an mbox of 1 GiB, made from a seed, into the app as a person does it. Halfway the
 * browser is killed; started again, with the same file chosen, it goes on. Then a word is looked for that
 * stands in mails all through the file, until all of them are found.
 */
import { readFileSync, rmSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { serveStatic } from '../relay/static.ts';
import { openProfile, serveSite, type Profile } from './harness/pages.ts';
import { machineOf, report, type Result } from './harness/report.ts';
import { heapsOf, type Heap } from './import/heaps.ts';
import { NEEDLE, NEEDLES, writeMbox, type Mbox } from './import/mbox.ts';

const SEED = 'start/seed.ts';
const BUILD = path.resolve(import.meta.dirname, '../build');
const MIB = 2 ** 20;
const PAGE_BYTES = 4_096;
const LOOK_MS = 1_000;
/** Looks of which one collects garbage. */
const HEAP_LOOKS = 10;
/** On a busy machine, for the whole of it. */
const LIMIT_MS = 3_600_000;

const sessions = new WeakMap<object, CDPSession>();

await report(measure);

async function measure(): Promise<Result> {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'defms-mbox-'));
	const site = await serveSite([SEED], (request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		serveStatic(BUILD, pathname, request, response).catch(() => response.destroy());
	});
	const profile = await openProfile();
	try {
		const mbox = await writeMbox(path.join(folder, 'All.mbox'), mibAsked() * MIB);
		const party = await site.open(profile, SEED);
		await party.call('fill', 0);
		await party.close();
		return await bring(profile, `${site.origin}/#/settings`, mbox);
	} finally {
		await profile.close();
		site.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function bring(profile: Profile, url: string, mbox: Mbox): Promise<Result> {
	const before = await bringUntil(profile, url, mbox, 0.5);
	await kill(profile);
	const after = await bringUntil(profile, url, mbox, 1);
	const brought = await countIn(after.page);
	if (brought !== mbox.mails) throw new Error(`${brought} of ${mbox.mails} mails are here`);
	const { page } = after;
	const start = performance.now();
	await page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
	await page.getByRole('combobox', { name: 'Search mail' }).fill(`${NEEDLE} in:anywhere`);
	const rows = page.getByTestId('thread-row');
	await rows.nth(NEEDLES - 1).waitFor({ timeout: LIMIT_MS });
	const foundMs = performance.now() - start;
	if ((await rows.count()) !== NEEDLES) throw new Error('a mail was found twice');
	const seconds = before.seconds + after.seconds;
	const all = [...before.memory, ...after.memory];
	return {
		bench: 'import',
		ratios: {},
		raw: {
			mib: mbox.bytes / MIB,
			mails: mbox.mails,
			seconds,
			mib_per_s: mbox.bytes / MIB / seconds,
			mails_per_s: mbox.mails / seconds,
			peak_mib: Math.max(...all),
			// Of the part that grew more, between its first look and its last.
			heap_growth_mib: Math.max(growthOf(before.heap), growthOf(after.heap)),
			found_all_ms: foundMs
		},
		rounds: 1,
		machine: machineOf(profile.version)
	};
}

interface Brought {
	readonly page: Page;
	readonly seconds: number;
	/** Of the page's process, workers and buffers included, MiB, each second. */
	readonly memory: readonly number[];
	/** Of the page and its workers together, after forced collections, MiB, now and then. */
	readonly heap: readonly number[];
}

function growthOf(heap: readonly number[]): number {
	return (heap.at(-1) ?? 0) - (heap[0] ?? 0);
}

/** Chooses the file, and waits until so much of it is here, or all. */
async function bringUntil(
	profile: Profile,
	url: string,
	mbox: Mbox,
	share: number
): Promise<Brought> {
	const page = await profile.newPage();
	await page.goto(url);
	const start = performance.now();
	await page.getByTestId('mail-files').setInputFiles(mbox.file);
	const [memory, heap]: [number[], number[]] = [[], []];
	const heaps = await heapsOf(page);
	for (;;) {
		await page.waitForTimeout(LOOK_MS);
		memory.push(await memoryOf(page));
		const isLook = memory.length % HEAP_LOOKS === 1;
		const parts = isLook ? await heaps.read() : null;
		if (parts !== null) heap.push(sumOf(parts));
		const isDone = await page.getByText('All of it is here.').isVisible();
		const count = await countIn(page);
		const at = Math.round((performance.now() - start) / LOOK_MS);
		process.stderr.write(
			`${at} s: ${count} of ${mbox.mails}, ${memory.at(-1)?.toFixed(0)} MiB${parts === null ? '' : textOf(parts)}\n`
		);
		if (isDone || (share < 1 && count >= share * mbox.mails)) break;
		if (performance.now() - start > LIMIT_MS) throw new Error('it does not come to its end');
	}
	return { page, memory, heap, seconds: (performance.now() - start) / 1_000 };
}

async function countIn(page: Page): Promise<number> {
	const texts = await page.getByText(/^[\d,]+ messages/).allTextContents();
	return Number((texts[0] ?? '0').split(' ')[0]?.replaceAll(',', ''));
}

async function kill(profile: Profile): Promise<void> {
	const processes = await processesOf(await profile.newPage());
	const browser = processes.find(({ type }) => type === 'browser');
	if (browser === undefined) throw new Error('the browser has no process');
	process.kill(browser.id, 'SIGKILL');
	await profile.restart();
}

function sumOf(heaps: ReadonlyMap<string, Heap>): number {
	return [...heaps.values()].reduce((sum, { objects, buffers }) => sum + objects + buffers, 0);
}

function textOf(heaps: ReadonlyMap<string, Heap>): string {
	const parts = [...heaps].map(
		([name, { objects, buffers }]) => `, ${name} ${objects.toFixed(1)} + ${buffers.toFixed(1)}`
	);
	return parts.join('');
}

/** The largest of the browser's pages. */
async function memoryOf(page: Page): Promise<number> {
	const pages = (await processesOf(page)).filter(({ type }) => type === 'renderer');
	return Math.max(...pages.map(({ id }) => residentMib(id)));
}

function residentMib(id: number): number {
	try {
		const [, resident = '0'] = readFileSync(`/proc/${id}/statm`, 'utf8').split(' ');
		return (Number(resident) * PAGE_BYTES) / MIB;
	} catch {
		return 0; // it has ended
	}
}

async function processesOf(page: Page): Promise<{ readonly type: string; readonly id: number }[]> {
	const browser = page.context().browser();
	if (browser === null) throw new Error('the page has no browser');
	const session = sessions.get(browser) ?? (await browser.newBrowserCDPSession());
	sessions.set(browser, session);
	return (await session.send('SystemInfo.getProcessInfo')).processInfo;
}

/** `-- --mib 64` makes a smaller file. */
function mibAsked(argv: readonly string[] = process.argv): number {
	const at = argv.indexOf('--mib');
	const asked = at < 0 ? 1_024 : Number(argv[at + 1]);
	if (!Number.isInteger(asked) || asked < 1) throw new Error('--mib takes a number from 1');
	return asked;
}
