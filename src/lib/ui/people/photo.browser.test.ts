import { expect, test } from 'vitest';
import { rasterType, toPhoto } from './photo.ts';

function picture(width: number, height: number, type: string): Promise<Blob> {
	const canvas = document.createElement('canvas');
	canvas.width = width;
	canvas.height = height;
	const context = canvas.getContext('2d');
	// Red in the middle, blue at both ends.
	for (const [colour, from, to] of [
		['#00f', 0, 1],
		['#f00', 0.25, 0.75]
	] as const) {
		if (context === null) throw new Error('no canvas here');
		context.fillStyle = colour;
		context.fillRect(width * from, 0, width * (to - from), height);
	}
	return new Promise((resolve, reject) => {
		canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no blob'))), type);
	});
}

test('the middle of a picture becomes a small square, whatever its size and type', async () => {
	for (const [width, height, type] of [
		[1200, 600, 'image/png'],
		[7, 3, 'image/jpeg'],
		[300, 150, 'image/webp']
	] as const) {
		const outcome = await toPhoto(await picture(width, height, type));
		if (!outcome.ok) throw new Error(outcome.problem);
		expect(outcome.picture.size).toBeLessThan(64 * 1024);
		const bitmap = await createImageBitmap(outcome.picture);
		expect([bitmap.width, bitmap.height]).toEqual([192, 192]);
		const canvas = new OffscreenCanvas(192, 192);
		const context = canvas.getContext('2d');
		context?.drawImage(bitmap, 0, 0);
		const [red = 0, , blue = 0] = context?.getImageData(96, 96, 1, 1).data ?? [];
		expect(red, type).toBeGreaterThan(200);
		expect(blue, type).toBeLessThan(80);
	}
});

test('what is no picture is none, whatever it says it is', async () => {
	const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
	const png = new Uint8Array(await (await picture(50, 50, 'image/png')).arrayBuffer());
	for (const parts of [[svg], ['GIF89a'], [''], [png.slice(0, 40)], ['\u0000'.repeat(1000)]]) {
		const outcome = await toPhoto(new Blob(parts, { type: 'image/png' }));
		expect(outcome).toEqual({ ok: false, problem: 'no-picture' });
	}
	expect(rasterType(png)).toBe('image/png');
});

test('a picture that says it is huge is not decoded', async () => {
	const png = new Uint8Array(await (await picture(4, 4, 'image/png')).arrayBuffer());
	const view = new DataView(png.buffer);
	view.setUint32(16, 60_000);
	view.setUint32(20, 60_000);
	expect((await toPhoto(new Blob([png]))).ok).toBe(false);
	expect((await toPhoto(new Blob([new Uint8Array(41 * 1024 * 1024)]))).ok).toBe(false);
});
