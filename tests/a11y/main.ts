/**
 * `npm run a11y [-- part of a name] [--pages 1]`: every screen in every state, and what a person meets in the
 * app from its first page on, held against WCAG 2.2 AA. Prints what it looked at, and `N passed, N failed` at
 * the end.
 * The cheap part of it runs in `npm test` (`tests/gallery/screens.ts`).
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { errors, type BrowserContext, type Page } from 'playwright-core';
import { openGallery } from '../gallery/open.ts';
import { NOW } from '../gallery/fixture/mail.ts';
import { SHOTS, settle, type Shot } from '../gallery/shots.ts';
import { createRelay } from '../e2e/support/relay.ts';
import { buildIfChanged } from '../../scripts/build.mjs';
import {
	AXE_RULES,
	findOutside,
	findSmallTargets,
	findUnfocused,
	findWide,
	findMoving
} from './looks.ts';
import { JOURNEYS } from './journeys.ts';
import { NAMES } from './names.ts';

const SIZES = [
	{ name: 'desktop', viewport: { width: 1440, height: 900 } },
	{ name: 'phone', viewport: { width: 390, height: 844 } }
] as const;
/** What 1280 by 800 leaves at 200 %, and a phone whose owner wants large print. */
const STRETCHED = [
	{ name: '200 %', viewport: { width: 640, height: 400 }, size: 'normal' },
	{ name: 'larger text, phone', viewport: { width: 390, height: 844 }, size: 'larger' },
	{ name: 'larger text, desktop', viewport: { width: 1440, height: 900 }, size: 'larger' }
] as const;

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { positionals, values } = parseArgs({
	allowPositionals: true,
	// At once: each waits for the browser more than the browser works.
	options: { pages: { type: 'string', default: '3' } }
});
const [wanted = ''] = positionals;
/** What takes longer is missing, however much else the machine has to do. */
const LIMIT_MS = 20_000;
let passed = 0;
let failed = 0;

await using gallery = await openGallery();
type Look = () => Promise<void>;
const looks: Look[] = [];
/** Did not come in time, on a machine that had other things to do: looked at again, alone. */
const late: Look[] = [];
for (const size of SIZES) {
	for (const shot of SHOTS) {
		look(`${shot.name}, ${size.name}`, { viewport: size.viewport }, async (page) => {
			await show(page, shot);
			return [...(await judge(page)), ...(await findUnfocused(page))];
		});
	}
}
for (const { name, viewport, size } of STRETCHED) {
	for (const shot of SHOTS.filter(({ act }) => act === undefined)) {
		look(`${shot.name}, ${name}`, { viewport }, async (page) => {
			await page.addInitScript((size) => localStorage.setItem('defms-text-size', size), size);
			await show(page, shot);
			return [
				...(await findWide(page)),
				...(await findOutside(page)),
				...(await findSmallTargets(page))
			];
		});
	}
}
for (const { name, scene, check } of NAMES) {
	look(`names: ${name}`, { viewport: SIZES[0].viewport }, async (page) => {
		await show(page, { name, url: scene });
		return check(page);
	});
}
for (const { name, scene, act } of JOURNEYS) {
	look(`by keys alone: ${name}`, { viewport: SIZES[0].viewport }, async (page) => {
		await show(page, { name, url: scene });
		await act(page);
		return [];
	});
}
await Promise.all(Array.from({ length: Number(values.pages) }, lookOn));
looks.push(...late.splice(0));
await lookOn();
await walkThrough();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

type ContextOptions = Parameters<typeof gallery.browser.newContext>[0];

/** One screen on a page of its own, in its turn. */
function look(
	name: string,
	options: ContextOptions,
	find: (page: Page) => Promise<readonly string[]>
): void {
	if (!name.includes(wanted)) return;
	looks.push(() =>
		lookAt(name, options, find, () => late.push(() => lookAt(name, options, find, null)))
	);
}

async function lookOn(): Promise<void> {
	for (let next = looks.shift(); next; next = looks.shift()) await next();
}

/** Prints and counts. `again`: instead, where it was late; null: late is failed. */
async function lookAt(
	name: string,
	options: ContextOptions,
	find: (page: Page) => Promise<readonly string[]>,
	again: (() => void) | null
): Promise<void> {
	const context = await gallery.browser.newContext({ ...options, reducedMotion: 'reduce' });
	try {
		const page = await context.newPage();
		page.setDefaultTimeout(LIMIT_MS);
		count(name, await find(page));
	} catch (error) {
		if (error instanceof errors.TimeoutError && again !== null) again();
		else count(name, [error instanceof Error ? error.message : String(error)]);
	} finally {
		await context.close();
	}
}

function count(name: string, faults: readonly string[]): void {
	if (faults.length === 0) passed++;
	else failed++;
	console.log(`${faults.length === 0 ? 'ok' : 'FAILED'}  ${name}`);
	for (const fault of new Set(faults)) console.log(`        ${fault}`);
}

async function show(page: Page, { url, act }: Shot): Promise<void> {
	await page.clock.setFixedTime(NOW);
	await page.goto(`${gallery.url}${url}`);
	await page.locator('main').first().waitFor({ state: 'attached' });
	await act?.(page);
	await settle(page);
}

/** In light and in dark: what axe sees, targets, and whether anything still moves. */
async function judge(page: Page): Promise<string[]> {
	const faults: string[] = [];
	await page.evaluate(axe);
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await settle(page);
		const found = await page.evaluate(
			`axe.run(document, ${JSON.stringify(AXE_RULES)}).then(({ violations }) => violations.flatMap((it) =>
				it.nodes.map((node) => it.id + ': ' + node.html.slice(0, 160))))`
		);
		faults.push(...(found as string[]).map((fault) => `${colorScheme}: ${fault}`));
	}
	return [
		...faults,
		...(await findOutside(page)),
		...(await findSmallTargets(page)),
		...(await findMoving(page))
	];
}

/** The app itself, from its first page to a message that is written, on a phone. */
async function walkThrough(): Promise<void> {
	if (!'the app'.includes(wanted) && !wanted.includes('the app')) return;
	await buildIfChanged(process.execPath);
	const relay = await createRelay();
	let context: BrowserContext | null = null;
	try {
		await relay.start();
		context = await gallery.browser.newContext({
			viewport: SIZES[1].viewport,
			reducedMotion: 'reduce'
		});
		const page = await context.newPage();
		const see = async (name: string) => {
			await settle(page);
			count(`the app: ${name}`, [...(await judge(page)), ...(await findUnfocused(page))]);
		};
		await page.goto(relay.url);
		await page.getByLabel('Your name').waitFor();
		await see('welcome');
		await page.getByLabel('Your name').fill('Alice');
		await page.getByRole('button', { name: 'Begin' }).click();
		await page.getByRole('navigation', { name: 'Main' }).waitFor();
		await see('inbox without mail');
		for (const name of ['Requests', 'People', 'Settings']) {
			await page.getByRole('link', { name }).first().click();
			await page.getByRole('heading', { name }).first().waitFor();
			await see(name);
		}
		await page.getByRole('link', { name: /^Mail/ }).first().click();
		await page.getByRole('button', { name: 'Write' }).first().click();
		await page.getByRole('textbox', { name: 'Text of the message' }).waitFor();
		await see('writing');
	} catch (error) {
		count('the app', [error instanceof Error ? error.message : String(error)]);
	} finally {
		await context?.close();
		await relay.dispose();
	}
}
