/** A camera that looks at QR codes: Chromium plays a film to the page in place of one. */
import type { Locator } from '@playwright/test';
import { writeFile } from 'node:fs/promises';

const SIDE = 720;
/** Pixels of one module; frames a second; how long each code is held, in frames. */
const SCALE = 6;
const RATE = 10;
const HELD = 4;

/** Flags of a browser whose camera plays this file; it may be written later. */
export function cameraFlags(file: string): readonly string[] {
	return [
		'--use-fake-ui-for-media-stream',
		'--use-fake-device-for-media-stream',
		`--use-file-for-fake-video-capture=${file}`
	];
}

/** The dark modules of a code on the screen, as its drawing names them. */
export async function modulesOf(code: Locator): Promise<readonly (readonly [number, number])[]> {
	const path = (await code.locator('path').getAttribute('d')) ?? '';
	return [...path.matchAll(/M(\d+) (\d+)h1/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
}

/** One code after the other, over and over, as YUV4MPEG2. */
export async function film(
	file: string,
	codes: readonly (readonly (readonly [number, number])[])[]
): Promise<void> {
	const head = Buffer.from(`YUV4MPEG2 W${SIDE} H${SIDE} F${RATE}:1 Ip A1:1 C420jpeg\n`);
	const frames = codes.flatMap((modules) => Array.from({ length: HELD }, () => toFrame(modules)));
	await writeFile(file, Buffer.concat([head, ...frames]));
}

function toFrame(modules: readonly (readonly [number, number])[]): Buffer {
	const luma = Buffer.alloc(SIDE * SIDE, 235);
	for (const [x, y] of modules) {
		for (let row = 0; row < SCALE; row++) {
			const start = ((y + 2) * SCALE + row) * SIDE + (x + 2) * SCALE;
			luma.fill(16, start, start + SCALE);
		}
	}
	return Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((SIDE * SIDE) / 2, 128)]);
}
