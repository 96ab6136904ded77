import { chromium as playwright } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-browser.mjs';
import { within, type Engine } from './engine.ts';

export const chromium: Engine = {
	name: 'chromium',
	async missing() {
		return (await findChromium()) ? null : 'apt-get install chromium, or set CHROMIUM_PATH';
	},
	async open({ proxyPort }) {
		const executablePath = await findChromium();
		if (!executablePath) throw new Error('no Chromium found; set CHROMIUM_PATH');
		const browser = await playwright.launch({
			executablePath,
			args: CHROMIUM_FLAGS,
			...(proxyPort !== undefined && {
				// Else what goes to this machine passes the proxy by.
				proxy: { server: `http://127.0.0.1:${String(proxyPort)}`, bypass: '<-loopback>' }
			})
		});
		const page = await browser.newPage();
		return {
			title: `Chromium ${browser.version()}`,
			async goto(url) {
				await page.goto(url);
			},
			run: (code, args, limitMs) =>
				within(
					limitMs,
					'chromium',
					page.evaluate(
						({ source, values }) =>
							new Function(`return (${source}).apply(null, arguments[0])`)(values),
						{ source: code, values: args }
					)
				),
			async [Symbol.asyncDispose]() {
				await browser.close();
			}
		};
	}
};
