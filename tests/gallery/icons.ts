/** Makes the icons in `static/` from `static/icon.svg`: `node tests/gallery/icons.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
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
/** Browsers ask for it unbidden, before the page has named its icon. */
const FAVICON_SIZE = 48;

const executablePath = (await findChromium()) ?? undefined;
const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
try {
	for (const { file, size, drawing } of ICONS) {
		writeFileSync(`static/${file}`, await draw(browser, size, drawing));
	}
	const png = await draw(browser, FAVICON_SIZE, svg);
	writeFileSync('static/favicon.ico', toIco(png, FAVICON_SIZE));
} finally {
	await browser.close();
}

async function draw(on: Browser, size: number, drawing: string): Promise<Buffer> {
	const page = await on.newPage({ viewport: { width: size, height: size } });
	const url = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
	await page.setContent(
		`<body style="margin:0"><img width="${String(size)}" style="display:block" src="${url}">`
	);
	await page.locator('img').evaluate(async (image) => {
		if (image instanceof HTMLImageElement) await image.decode();
	});
	const png = await page.screenshot({ omitBackground: true });
	await page.close();
	return png;
}

/** An ICO file with one PNG in it: a header of 6 bytes, one entry of 16, the picture. */
function toIco(png: Buffer, size: number): Buffer {
	const head = Buffer.alloc(22);
	head.writeUInt16LE(1, 2);
	head.writeUInt16LE(1, 4);
	head.writeUInt8(size, 6);
	head.writeUInt8(size, 7);
	head.writeUInt16LE(1, 10);
	head.writeUInt16LE(32, 12);
	head.writeUInt32LE(png.length, 14);
	head.writeUInt32LE(head.length, 18);
	return Buffer.concat([head, png]);
}
