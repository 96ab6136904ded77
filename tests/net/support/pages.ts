/** Two browser tabs in processes of their own that run a bundled entry: for tests and measurements. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { CHROMIUM_FLAGS, findHeadlessChromium } from '../../../scripts/find-browser.mjs';

export interface Pages {
	/** A tab in a fresh browser context that has run the entry. */
	open(initScript?: string): Promise<Page>;
	close(): Promise<void>;
}

/** @param entry a TypeScript module under `tests/net` that leaves what it offers on `globalThis` */
export async function servePages(entry: string): Promise<Pages> {
	const executablePath = await findHeadlessChromium();
	if (!executablePath) throw new Error('no Chromium found; set CHROMIUM_PATH');
	const server = serve(await bundle(entry));
	await once(server, 'listening');
	const address = server.address();
	if (!address || typeof address === 'string') throw new Error('no port');
	const browser: Browser = await chromium.launch({
		executablePath,
		headless: true,
		args: CHROMIUM_FLAGS
	});
	return {
		async open(initScript) {
			const context = await browser.newContext();
			if (initScript) await context.addInitScript(initScript);
			const page = await context.newPage();
			page.on('console', (m) => process.env['DEBUG_PAGES'] && console.log(m.text()));
			page.on('pageerror', (error) => console.error(error));
			await page.goto(`http://localhost:${address.port}/`);
			await page.waitForFunction('globalThis.isReady === true');
			return page;
		},
		async close() {
			await browser.close();
			server.closeAllConnections();
			server.close();
		}
	};
}

async function bundle(entry: string): Promise<string> {
	const result = await build({
		configFile: false,
		logLevel: 'error',
		build: {
			write: false,
			minify: false,
			target: 'esnext',
			rolldownOptions: {
				input: path.resolve(import.meta.dirname, '..', entry),
				output: { format: 'es', codeSplitting: false }
			}
		}
	});
	const outputs = Array.isArray(result) ? result : [result];
	for (const output of outputs) {
		if (!('output' in output)) continue;
		const chunk = output.output.find((part) => part.type === 'chunk');
		if (chunk?.type === 'chunk') return chunk.code;
	}
	throw new Error('nothing was built');
}

function serve(code: string): Server {
	return createServer((request, response) => {
		if (request.url === '/') {
			response.writeHead(200, { 'content-type': 'text/html' });
			response.end('<!doctype html><script type="module" src="/entry.js"></script>');
		} else if (request.url === '/entry.js') {
			response.writeHead(200, { 'content-type': 'text/javascript' }).end(code);
		} else {
			response.writeHead(404).end();
		}
	}).listen(0);
}
