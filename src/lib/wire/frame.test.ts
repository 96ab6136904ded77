import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat } from './bytes.ts';
import { frame, FrameReader, readFrames } from './frame.ts';

const payloads = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 });

test('frames come back from any cutting of the stream', () => {
	fc.assert(
		fc.property(payloads, fc.array(fc.nat(600)), (list, cuts) => {
			const stream = concat(...list.map(frame));
			const reader = new FrameReader(64);
			const read: Uint8Array[] = [];
			let start = 0;
			for (const end of [...cuts.sort((a, b) => a - b), stream.length]) {
				const pushed = reader.push(stream.subarray(start, Math.max(start, end)));
				if (pushed.ok) read.push(...pushed.value);
				start = Math.max(start, end);
			}
			expect(read.map((each) => [...each])).toEqual(list.map((each) => [...each]));
			expect(reader.isCut).toBe(false);
		})
	);
});

test('a frame that announces too much ends the stream before it is waited for', () => {
	const reader = new FrameReader(64);
	expect(reader.push(Uint8Array.of(0xff, 0xff, 0xff, 0xff))).toEqual({
		ok: false,
		reason: 'too-large'
	});
});

test('a body that ends inside a frame is refused', () => {
	const body = frame(Uint8Array.of(1, 2, 3));
	expect(readFrames(body.subarray(0, -1), 64)).toEqual({ ok: false, reason: 'wrong-shape' });
	expect(readFrames(body, 64)).toEqual({ ok: true, value: [Uint8Array.of(1, 2, 3)] });
});
