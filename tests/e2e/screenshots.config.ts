import { defineConfig } from '@playwright/test';
import e2e from '../../playwright.config.ts';

/** `npm run screenshots`: the pictures of the documents, taken from the running app. */
export default defineConfig(e2e, {
	testDir: '.',
	testMatch: 'screenshots.ts',
	globalSetup: './support/build-app.ts',
	outputDir: '../../test-results/screenshots',
	timeout: 180_000
});
