/** One browser with a profile on disk, and the pages of a bench in it, each a production bundle. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type CDPSession, type Page } from 'playwright-core';
import { build } from 'vite';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-browser.mjs';

const BENCH = path.resolve(import.meta.dirname, '..');

/** So that a page can force a collection before it measures. */
const FLAGS = [...CHROMIUM_FLAGS, '--js-flags=--expose-gc'];

/** A page that offers verbs on `globalThis.api`. */
export interface Party {
	/** Runs a verb there; throws what it throws. The answer is plain data. */
	call(verb: string, ...args: readonly unknown[]): Promise<unknown>;
	/** As `call`, where the answer is a number. */
	measure(verb: string, ...args: readonly unknown[]): Promise<number>;
	/** Presses its one button with the pointer, as a person does: what that costs a page, all sides pay. */
	press(): Promise<void>;
	/** A page in the background paints nothing. */
	toFront(): Promise<void>;
	/** What its page still holds after a forced collection: objects and the memory behind buffers. */
	heapBytes(): Promise<number>;
	close(): Promise<void>;
}

/** Bundled once, served on one port: parties in one browser share an origin. */
export interface Site {
	open(browser: Profile, entry: string): Promise<Party>;
	readonly origin: string;
	close(): void;
}

export interface Profile {
	newPage(): Promise<Page>;
	readonly version: string;
	/** Ends the browser and removes its folder. */
	close(): Promise<void>;
	/** The same folder under another process of the browser, with further flags of its own. */
	restart(more?: readonly string[]): Promise<void>;
}

/**
 * Never an off-the-record context: those keep IndexedDB in memory.
 * @param flags further ones of Chromium
 */
export async function openProfile(flags: readonly string[] = []): Promise<Profile> {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'defms-bench-'));
	let context = await launch(folder, flags);
	return {
		newPage: () => context.newPage(),
		version: context.browser()?.version() ?? 'unknown',
		async close() {
			await context.close();
			rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
		},
		async restart(more = []) {
			await context.close().catch(() => undefined); // it may have been killed
			context = await launch(folder, [...flags, ...more]);
		}
	};
}

async function launch(folder: string, flags: readonly string[]): Promise<BrowserContext> {
	const executablePath = await findChromium();
	if (!executablePath) throw new Error('no Chromium found; set CHROMIUM_PATH');
	const args = [...FLAGS, ...flags];
	return chromium.launchPersistentContext(folder, { executablePath, headless: true, args });
}

/** Opens a module of a bench below the address of somebody else's server: it shares that origin's storage. */
export async function openAt(origin: string, browser: Profile, entry: string): Promise<Party> {
	const page = await browser.newPage();
	const answers = new Map([
		[`${origin}/${entry}.js`, { contentType: 'text/javascript', body: await bundle(entry) }],
		[`${origin}/${entry}`, { contentType: 'text/html', body: pageOf(entry) }]
	]);
	for (const [url, answer] of answers) await page.route(url, (route) => route.fulfill(answer));
	await page.goto(`${origin}/${entry}`);
	await page.waitForFunction('globalThis.api !== undefined');
	return toParty(page, await page.context().newCDPSession(page));
}

function pageOf(entry: string): string {
	return `<!doctype html><script type="module" src="/${entry}.js"></script>`;
}

/**
 * @param entries TypeScript modules below `bench/`
 * @param rest answers every other request
 */
export async function serveSite(
	entries: readonly string[],
	rest: RequestListener = (_, response) => response.writeHead(404).end()
): Promise<Site> {
	const codes = new Map<string, string>();
	for (const entry of entries) codes.set(entry, await bundle(entry));
	const server = serve(codes, rest);
	await once(server, 'listening');
	const address = server.address();
	if (!address || typeof address === 'string') throw new Error('no port');
	const origin = `http://localhost:${address.port}`;
	return {
		origin,
		async open(profile, entry) {
			const page = await profile.newPage();
			page.on('pageerror', (error) => console.error(`${entry}: ${error.stack ?? error.message}`));
			if (process.env['DEBUG_PAGES']) page.on('console', (said) => console.error(said.text()));
			await page.goto(`${origin}/${entry}`);
			await page.waitForFunction('globalThis.api !== undefined');
			return toParty(page, await page.context().newCDPSession(page));
		},
		close() {
			server.closeAllConnections();
			server.close();
		}
	};
}

function toParty(page: Page, session: CDPSession): Party {
	const call: Party['call'] = (verb, ...args) =>
		page.evaluate(
			async ({ verb, args }) => {
				const { api } = globalThis as unknown as {
					api: Record<string, (...args: readonly unknown[]) => unknown>;
				};
				const run = api[verb];
				if (run === undefined) throw new Error(`the page has no ${verb}`);
				return run(...args);
			},
			{ verb, args: [...args] }
		);
	return {
		call,
		async measure(verb, ...args) {
			const value = await call(verb, ...args);
			if (typeof value !== 'number' || !Number.isFinite(value)) {
				throw new Error(`${verb} gave no number: ${JSON.stringify(value)}`);
			}
			return value;
		},
		press: () => page.getByRole('button').click(),
		toFront: () => page.bringToFront(),
		async heapBytes() {
			await session.send('HeapProfiler.collectGarbage');
			const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
			return usedSize + backingStorageSize;
		},
		close: () => page.close()
	};
}

async function bundle(entry: string): Promise<string> {
	const result = await build({
		configFile: false,
		logLevel: 'error',
		root: BENCH,
		define: { 'process.env.NODE_ENV': '"production"' },
		build: {
			write: false,
			minify: true,
			target: 'es2022',
			rolldownOptions: {
				input: path.join(BENCH, entry),
				output: { format: 'es', codeSplitting: false }
			}
		}
	});
	for (const output of Array.isArray(result) ? result : [result]) {
		if (!('output' in output)) continue;
		const chunk = output.output.find((part) => part.type === 'chunk');
		if (chunk?.type === 'chunk') return chunk.code;
	}
	throw new Error(`nothing was built of ${entry}`);
}

/** `/ENTRY` is a page that runs `/ENTRY.js`. */
function serve(codes: ReadonlyMap<string, string>, rest: RequestListener): Server {
	return createServer((request, response) => {
		const wanted = (request.url ?? '').slice(1);
		const code = codes.get(wanted.replace(/\.js$/, ''));
		if (code === undefined) rest(request, response);
		else if (wanted.endsWith('.js')) {
			response.writeHead(200, { 'content-type': 'text/javascript' }).end(code);
		} else {
			response.writeHead(200, { 'content-type': 'text/html' });
			response.end(pageOf(wanted));
		}
	}).listen(0);
}
