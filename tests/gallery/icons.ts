/** Makes the PNG icons in `static/` from `static/icon.svg`: `node tests/gallery/icons.ts`. */
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/find-browser.mjs';

const svg = readFileSync('static/icon.svg', 'utf8');

/** A launcher cuts its own shape out of this one: colour to the edge, the letter within 80 %. */
const maskable = svg
	.replace(/ rx="\d+"/, '')
	.replace('translate(0 -13)', 'translate(51 40) scale(.8)');

const ICONS = [
	{ file: 'icon-192.png', size: 192, drawing: svg },
	{ file: 'icon-512.png', size: 512, drawing: svg },
	{ file: 'icon-maskable-512.png', size: 512, drawing: maskable },
	{ file: 'apple-touch-icon.png', size: 180, drawing: maskable }
];

const executablePath = (await findChromium()) ?? undefined;
const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
try {
	for (const { file, size, drawing } of ICONS) {
		const page = await browser.newPage({ viewport: { width: size, height: size } });
		const url = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
		await page.setContent(
			`<body style="margin:0"><img width="${String(size)}" style="display:block" src="${url}">`
		);
		await page.locator('img').evaluate(async (image) => {
			if (image instanceof HTMLImageElement) await image.decode();
		});
		await page.screenshot({ path: `static/${file}`, omitBackground: true });
		await page.close();
	}
} finally {
	await browser.close();
}
