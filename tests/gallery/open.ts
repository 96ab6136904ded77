/** The gallery, built and served, with a browser on it: for pictures and for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { build, preview } from 'vite';
import { CHROMIUM_FLAGS, findHeadlessChromium } from '../../scripts/find-browser.mjs';

export interface OpenGallery extends AsyncDisposable {
	readonly browser: Browser;
	/** Ends in a slash; `?scene=…#/…` follows. */
	readonly url: string;
}

/** The folder with it, which is the caller's to remove. Throws if it does not build. */
export async function buildGallery(): Promise<string> {
	const outDir = await mkdtemp(path.join(os.tmpdir(), 'defms-gallery-'));
	await build({ configFile: `${import.meta.dirname}/vite.config.ts`, build: { outDir } });
	return outDir;
}

/**
 * @param built by `buildGallery`; absent: it is built for this alone
 * @throws if there is no Chromium, or the gallery does not build
 */
export async function openGallery(built?: string): Promise<OpenGallery> {
	const executablePath = await findHeadlessChromium();
	if (!executablePath) throw new Error('no Chromium found; set CHROMIUM_PATH');
	const outDir = built ?? (await buildGallery());
	// What is built needs none of that configuration to be served, and bundling for it takes time.
	const server = await preview({ configFile: false, build: { outDir }, preview: { port: 0 } });
	const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
	return {
		browser,
		url: server.resolvedUrls?.local[0] ?? '',
		async [Symbol.asyncDispose]() {
			await browser.close();
			await server.close();
			if (built === undefined) await rm(outDir, { recursive: true });
		}
	};
}
