import { sveltekit } from '@sveltejs/kit/vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_FLAGS, findHeadlessChromium } from './scripts/find-browser.mjs';
import { readCorpusCommand } from './tests/vectors/read-corpus.ts';

const chromium = await findHeadlessChromium();

/** What comes at once on a quiet machine; a loaded one is no fault. */
const LOADED = { testTimeout: 60_000, expect: { poll: { timeout: 10_000 } } };

export default defineConfig({
	test: {
		// The machine's two cores are shared with the browsers under test.
		maxWorkers: 2,
		projects: [
			{
				plugins: [svelte({ configFile: false })],
				test: {
					name: 'node',
					environment: 'node',
					include: ['src/**/*.test.ts', 'relay/**/*.test.ts', 'tests/**/*.test.ts'],
					exclude: [
						...['**/*.browser.test.ts', 'tests/e2e/**', 'tests/gallery/**'],
						'tests/lint/refused/**'
					],
					...LOADED
				}
			},
			{
				plugins: [svelte({ configFile: false })],
				test: {
					name: 'gallery',
					environment: 'node',
					include: ['tests/gallery/*.test.ts'],
					exclude: ['**/*.browser.test.ts'],
					globalSetup: 'tests/gallery/build.ts',
					...LOADED
				}
			},
			{
				plugins: [sveltekit()],
				// Vite bundles a dependency that it did not expect in the middle of a run, and reloads
				// the page under the test. All of ours are ES modules, which it can serve as they are;
				// one that is not fails at once, and belongs into `include`.
				optimizeDeps: { noDiscovery: true },
				test: {
					name: 'browser',
					include: ['src/**/*.browser.test.ts', 'tests/**/*.browser.test.ts'],
					testTimeout: 20_000,
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						// A page cannot read the corpora's folder: the test server does it.
						commands: { readCorpus: readCorpusCommand },
						provider: playwright({
							launchOptions: { executablePath: chromium ?? undefined, args: CHROMIUM_FLAGS }
						}),
						instances: [{ browser: 'chromium' }]
					}
				}
			}
		]
	}
});
