import { crc32 } from 'node:zlib';
import { BlobReader, TextWriter, ZipReader } from '@zip.js/zip.js';
import { expect, test, vi } from 'vitest';
import { utf8 } from '../wire/bytes.ts';
import { ZipWriter } from './zip-write.ts';

async function* pieces(...texts: readonly string[]) {
	for (const text of texts) yield await Promise.resolve(utf8(text));
}

function collector() {
	const written: Uint8Array[] = [];
	const abort = vi.fn();
	const sink = new WritableStream<Uint8Array>({
		write: (piece) => void written.push(piece),
		abort
	});
	return { sink, abort, whole: () => Uint8Array.from(Buffer.concat(written)) };
}

/** As another program reads it, sums and all. */
async function read(zip: Uint8Array<ArrayBuffer>) {
	const options = { useWebWorkers: false, checkSignature: true, checkCrc32: true };
	const entries = await new ZipReader(new BlobReader(new Blob([zip])), options).getEntries();
	return Promise.all(
		entries.map(async (entry) => {
			if (entry.directory) throw new Error('there are no folders in it');
			const { filename, lastModDate, signature } = entry;
			return { filename, lastModDate, signature, text: await entry.getData(new TextWriter()) };
		})
	);
}

test('another program reads names, times, sums and every byte', async () => {
	const { sink, whole } = collector();
	const zip = new ZipWriter(sink);
	const changed = new Date(2026, 10, 22, 23, 58, 42);
	await zip.add('1 Grüße 你好.eml', changed, pieces('From: a@example.org\n', '\n', 'Hi'));
	await zip.add('2.eml', changed, pieces());
	await zip.add('3.eml', changed, pieces('x'.repeat(70_000), '\r\n'));
	await zip.close();
	const texts = ['From: a@example.org\n\nHi', '', `${'x'.repeat(70_000)}\r\n`];
	const names = ['1 Grüße 你好.eml', '2.eml', '3.eml'];
	expect(await read(whole())).toEqual(
		texts.map((text, at) => ({
			filename: names[at],
			lastModDate: changed,
			signature: crc32(text),
			text
		}))
	);
});

test('one that is too large to be held is described after its bytes, and those beside it are not', async () => {
	const { sink, whole } = collector();
	const zip = new ZipWriter(sink);
	const large = 'x'.repeat(9 * 1024 * 1024);
	await zip.add('1.eml', new Date(), pieces('before'));
	await zip.add('2.eml', new Date(), pieces(large, large, 'end'));
	await zip.add('3.eml', new Date(), pieces('after'));
	await zip.close();
	const texts = (await read(whole())).map(({ text }) => text);
	expect(texts).toEqual(['before', `${large}${large}end`, 'after']);
	// Of what every program can read: no data descriptor, no 64 bits.
	const entries = await new ZipReader(new BlobReader(new Blob([whole()]))).getEntries();
	expect(entries.map(({ bitFlag }) => bitFlag?.dataDescriptor)).toEqual([false, true, false]);
	expect(entries.map(({ zip64 }) => zip64)).toEqual([false, false, false]);
});

test('more files than 16 bits can count', async () => {
	const { sink, whole } = collector();
	const zip = new ZipWriter(sink);
	const count = 65_536;
	for (let at = 0; at < count; at++) await zip.add(String(at), new Date(), pieces());
	await zip.close();
	const entries = await new ZipReader(new BlobReader(new Blob([whole()]))).getEntries();
	expect(entries).toHaveLength(count);
	expect(entries.at(-1)?.filename).toBe(String(count - 1));
});

test('a zip of nothing is one', async () => {
	const { sink, whole } = collector();
	await new ZipWriter(sink).close();
	expect(await read(whole())).toEqual([]);
});

test('a time that no zip can hold is the nearest that it can', async () => {
	const { sink, whole } = collector();
	const zip = new ZipWriter(sink);
	const far = [-8_640_000_000_000_000, Number.NaN, 8_640_000_000_000_000];
	for (const [at, time] of far.entries()) await zip.add(String(at), new Date(time), pieces());
	await zip.close();
	const years = (await read(whole())).map(({ lastModDate }) => lastModDate.getFullYear());
	expect(years).toEqual([1980, 1980, 2107]);
});

test('a piece that is used again is written as it was', async () => {
	const { sink, whole } = collector();
	const zip = new ZipWriter(sink);
	const shared = new Uint8Array(1);
	const reusing = async function* () {
		for (const byte of utf8('abc')) {
			shared[0] = byte;
			yield await Promise.resolve(shared);
		}
	};
	await zip.add('a', new Date(), reusing());
	await zip.close();
	expect((await read(whole()))[0]?.text).toBe('abc');
});

test('what the source throws is thrown, and the sink is told that it is no zip', async () => {
	const { sink, abort } = collector();
	const zip = new ZipWriter(sink);
	const broken = async function* () {
		yield await Promise.resolve(utf8('a'));
		throw new Error('gone');
	};
	await expect(zip.add('a', new Date(), broken())).rejects.toThrow('gone');
	await zip.abort();
	expect(abort).toHaveBeenCalledOnce();
});
