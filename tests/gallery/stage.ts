/** The gallery for a file of tests: its pages, and what must hold on every one of them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { AXE_RULES } from '../a11y/looks.ts';
import { openGallery, type OpenGallery } from './open.ts';

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1440, height: 900 };

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Shows a scene, in a profile of its own that ends with the test. */
export type Show = (scene: string, fragment: string, options?: StageOptions) => Promise<Page>;

interface StageOptions extends BrowserContextOptions {
	/** What the page's clock says, Unix ms; absent: the time of day. */
	readonly now?: number;
	/** Beginning of the addresses that may be asked besides. */
	readonly mayAsk?: string;
	/** HTML with handlers is read: Chromium says of each that it would be blocked, also where none can run. */
	readonly readsHandlers?: boolean;
}

/**
 * To be called once in a file. After each test: nothing was thrown, neither the policy nor Svelte had to
 * warn, and nothing was asked of anybody but the gallery.
 */
export function openStage(): Show {
	let gallery: OpenGallery;
	const faults: string[] = [];

	beforeAll(async () => {
		gallery = await openGallery(inject('gallery'));
	}, 120_000);
	afterAll(() => gallery[Symbol.asyncDispose]());
	afterEach(async () => {
		for (const context of gallery.browser.contexts()) await context.close();
		expect(faults.splice(0)).toEqual([]);
	});

	return async (scene, fragment, { now, mayAsk, readsHandlers, ...options } = {}) => {
		const context = await gallery.browser.newContext({
			...{ viewport: DESKTOP, reducedMotion: 'reduce' },
			...options
		});
		context.on('request', (request) => {
			const url = request.url();
			const isOurs = [gallery.url, mayAsk].some((known) => known && url.startsWith(known));
			if (/^https?:/.test(url) && !isOurs) faults.push(`asked: ${url}`);
		});
		const page = await context.newPage();
		page.setDefaultTimeout(15_000);
		page.on('pageerror', (error) => faults.push(error.message));
		page.on('console', (message) => {
			// Svelte's own warnings, such as of what is read when its component is gone.
			const isFault = /Content Security Policy|svelte\.dev\/e\//.test(message.text());
			const isExpected =
				readsHandlers && message.text().startsWith('Executing inline event handler');
			if (isFault && !isExpected) faults.push(message.text());
		});
		if (now !== undefined) await page.clock.setFixedTime(now);
		await page.goto(`${gallery.url}?scene=${scene}${fragment}`);
		await page.locator('main').first().waitFor({ state: 'attached' });
		return page;
	};
}

/** Rows are drawn once measured, frames once loaded: both within a few paints. */
export async function settle(page: Page): Promise<void> {
	await page.evaluate(async () => {
		await document.fonts.ready;
		for (let paint = 0; paint < 6; paint++) await new Promise(requestAnimationFrame);
		await Promise.all(document.getAnimations().map((animation) => animation.finished));
	});
}

/** What axe sees; but for the frame of received HTML: a document of its own, and its writer's. */
export async function findFaults(page: Page, options: object = {}): Promise<unknown> {
	await page.evaluate(axe);
	return page.evaluate(`axe.run(document, ${JSON.stringify({ ...AXE_RULES, ...options })}).then((result) =>
		result.violations.map((it) => it.id + ' ' + it.nodes.map((node) => node.html + node.failureSummary)))`);
}

/** Of colours alone: dark differs by nothing else. */
export const COLOURS = { runOnly: ['color-contrast'] };
