/** Chromium on a profile folder, with `page.ts` open at one fixed origin. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-browser.mjs';
import type { Page } from './page.ts';

/** A profile's storage belongs to an origin, port included: the kept ones belong to this. */
export const ORIGIN = 'http://localhost:8947';
/** Where Chromium keeps that origin's databases, seen from the profile folder. */
export const DATABASE_FOLDER = 'Default/IndexedDB/http_localhost_8947.indexeddb.leveldb';

/**
 * Runs one function of the page and closes the browser, so that all is on the disk. No server runs:
 * requests to the origin are answered here.
 */
export async function runInProfile<Name extends keyof Page>(
	folder: string,
	name: Name,
	...args: Parameters<Page[Name]>
): Promise<Awaited<ReturnType<Page[Name]>>> {
	const profile = await openProfile(folder);
	try {
		return await profile.call(name, ...args);
	} finally {
		await profile.close();
	}
}

export interface OpenProfile {
	call<Name extends keyof Page>(
		name: Name,
		...args: Parameters<Page[Name]>
	): Promise<Awaited<ReturnType<Page[Name]>>>;
	close(): Promise<void>;
}

/** Stays open for more than one function. */
export async function openProfile(folder: string): Promise<OpenProfile> {
	const executablePath = await findChromium();
	if (executablePath === null) throw new Error('no Chromium found: set CHROMIUM_PATH');
	const script = await buildPage();
	const context = await chromium.launchPersistentContext(folder, {
		executablePath,
		args: CHROMIUM_FLAGS
	});
	await context.route(`${ORIGIN}/**`, (route) =>
		route.fulfill({
			contentType: 'text/html',
			body: `<!doctype html><script type="module">${script}</script>`
		})
	);
	const tab = await context.newPage();
	await tab.goto(ORIGIN);
	return {
		call: (name, ...args) =>
			tab.evaluate(`page[${JSON.stringify(name)}](...${JSON.stringify(args)})`),
		close: () => context.close()
	};
}

/** An empty folder, removed by the returned function. */
export async function makeFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
	const folder = await mkdtemp(path.join(tmpdir(), 'defms-profile-'));
	return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

let built: Promise<string> | null = null;

/** `page.ts` as a module's text: leaves `page` on `globalThis`. */
export function buildPage(): Promise<string> {
	built ??= bundle();
	return built;
}

async function bundle(): Promise<string> {
	const result = await build({
		configFile: false,
		logLevel: 'error',
		build: {
			write: false,
			target: 'es2022',
			lib: { entry: path.join(import.meta.dirname, 'page.ts'), formats: ['es'] }
		}
	});
	const [first] = Array.isArray(result) ? result : [result];
	if (first === undefined || !('output' in first)) throw new Error('vite built nothing');
	return first.output[0].code.replaceAll('</script', '<\\/script');
}
