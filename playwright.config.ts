import { defineConfig } from '@playwright/test';

export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '**/*.e2e.ts',
	outputDir: 'test-results/e2e',
	globalSetup: './tests/e2e/support/build-app.ts',
	timeout: 60_000,
	expect: { timeout: 15_000 },
	// Each test runs two or three browsers on two cores; and a test that needs luck is broken.
	workers: 1,
	retries: 0,
	forbidOnly: process.env['CI'] === 'true',
	reporter: 'list'
});
