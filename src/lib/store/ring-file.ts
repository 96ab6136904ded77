/**
 * The key ring's file in the origin private file system: 32 bytes a place.
 *
 * place  0      "defms/1/ring" and zeros
 *        1      16 random bytes, the ring's name, and zeros
 *        n ≥ 2  a secret, or zeros: free
 *
 * It is read wherever the program runs, and written by a worker alone, for only there a file can be
 * overwritten in place. Web Locks keep readers and writers of all tabs apart; the file is open for
 * the moment of the work, so that no tab that hangs holds it.
 */

import { RingAway } from '../post/ports.ts';
import { equal, toHex, utf8 } from '../wire/bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export const PLACE_BYTES = 32;
const FIRST_PLACE = 2;
const MAGIC = utf8('defms/1/ring');
const NAME_BYTES = 16;

/** What the file held at one moment. */
export interface RingImage {
	/** The ring's name, in hex. */
	readonly name: string;
	/** `null`: free, or beyond the end. */
	secretAt(place: number): Bytes | null;
}

export interface RingFile {
	/** Can this context ever write it? */
	canWrite(): Promise<boolean>;
	/** `null`: there is none. Throws `RingAway`. */
	read(): Promise<RingImage | null>;
	/** Fresh secrets at free places, flushed. `null`: not here, or not now. */
	claim(count: number): Promise<{ readonly image: RingImage; readonly places: number[] } | null>;
	/** Overwrites the places picked, flushed, with no other writer between. `false`: not now. */
	wipe(pick: (image: RingImage) => readonly number[]): Promise<boolean>;
}

/** What the worker is asked to do, and does. */
export type RingOrder =
	| { readonly file: string; readonly claim: number }
	| { readonly file: string; readonly wipe: readonly number[] };

/** `bytes`: the whole file after it. */
export type RingAnswer =
	| { readonly ok: true; readonly bytes: Bytes; readonly places: number[] }
	| { readonly ok: false; readonly isNever: boolean };

/** `null` where the bytes are no ring. */
export function parseRing(bytes: Bytes): RingImage | null {
	if (bytes.length < FIRST_PLACE * PLACE_BYTES) return null;
	if (!equal(bytes.subarray(0, MAGIC.length), MAGIC)) return null;
	return {
		name: toHex(bytes.subarray(PLACE_BYTES, PLACE_BYTES + NAME_BYTES)),
		secretAt(place) {
			const secret = bytes.slice(place * PLACE_BYTES, (place + 1) * PLACE_BYTES);
			return place < FIRST_PLACE || isFree(secret) ? null : secret;
		}
	};
}

function isFree(secret: Uint8Array): boolean {
	return secret.length < PLACE_BYTES || secret.every((byte) => byte === 0);
}

/** The part of a `FileSystemSyncAccessHandle` that is needed. */
export interface Disk {
	getSize(): number;
	read(into: Bytes, options: { readonly at: number }): number;
	write(bytes: Bytes, options: { readonly at: number }): number;
	flush(): void;
}

/** In the worker, on the open file. A file that is no ring becomes one: nothing can be under it. */
export function obey(disk: Disk, order: RingOrder, random: (size: number) => Bytes): RingAnswer {
	if ('wipe' in order) {
		for (const place of order.wipe) writeAt(disk, place, new Uint8Array(PLACE_BYTES));
		disk.flush();
		return { ok: true, bytes: readAll(disk), places: [] };
	}
	const before = readAll(disk);
	const ring = parseRing(before);
	if (ring === null) {
		const head = new Uint8Array(FIRST_PLACE * PLACE_BYTES);
		head.set(MAGIC);
		head.set(random(NAME_BYTES), PLACE_BYTES);
		writeAt(disk, 0, head);
	}
	const places = freePlaces(ring === null ? new Uint8Array() : before, order.claim);
	for (const place of places) writeAt(disk, place, random(PLACE_BYTES));
	disk.flush();
	return { ok: true, bytes: readAll(disk), places };
}

function freePlaces(bytes: Bytes, count: number): number[] {
	const places: number[] = [];
	for (let place = FIRST_PLACE; places.length < count; place++) {
		if (isFree(bytes.subarray(place * PLACE_BYTES, (place + 1) * PLACE_BYTES))) places.push(place);
	}
	return places;
}

function writeAt(disk: Disk, place: number, bytes: Bytes): void {
	const written = disk.write(bytes, { at: place * PLACE_BYTES });
	if (written !== bytes.length) throw new DOMException('no room', 'QuotaExceededError');
}

function readAll(disk: Disk): Bytes {
	const bytes = new Uint8Array(disk.getSize());
	disk.read(bytes, { at: 0 });
	return bytes;
}

/** Starts the worker that `workers/ring.ts` is. */
export type StartRingWorker = () => Worker;

/** A worker that does not even load says nothing. */
const PATIENCE_MS = 5000;

/** @param start absent where no worker can be started: in a service worker */
export function createRingFile(name: string, start?: StartRingWorker): RingFile | null {
	// Absent in WebKitGTK, and where the page is no secure context.
	if (!('storage' in navigator) || !('getDirectory' in navigator.storage)) return null;
	const { locks } = navigator;
	const file = `${name}-ring`;
	const lock = `defms/ring/${name}`;
	const ask = createAsk(start);
	let isNever = start === undefined;
	const order = async (work: RingOrder) => {
		const answer = isNever ? null : await ask(work);
		if (answer?.ok === false && answer.isNever) isNever = true;
		return answer?.ok === true ? answer : null;
	};
	return {
		canWrite: async () => !isNever && (await hasFolder()),
		read: () => locks.request(lock, { mode: 'shared' }, () => readFile(file)),
		async claim(count) {
			if (isNever) return null; // a question to another process, for each message that has an epoch
			const done = await locks.request(lock, () => order({ file, claim: count }));
			const image = done && parseRing(done.bytes);
			return image && { image, places: done.places };
		},
		wipe: (pick) =>
			locks.request(lock, async () => {
				const image = await readFile(file);
				const places = image === null ? [] : pick(image);
				return places.length === 0 || (await order({ file, wipe: places })) !== null;
			})
	};
}

/** Private windows of Firefox refuse it. */
async function hasFolder(): Promise<boolean> {
	return navigator.storage.getDirectory().then(
		() => true,
		() => false
	);
}

async function readFile(file: string): Promise<RingImage | null> {
	try {
		const folder = await navigator.storage.getDirectory();
		const handle = await folder.getFileHandle(file);
		return parseRing(new Uint8Array(await (await handle.getFile()).arrayBuffer()));
	} catch (error) {
		if (error instanceof DOMException && error.name === 'NotFoundError') return null;
		throw new RingAway('the key ring is not to be read now', { cause: error });
	}
}

/** One worker for this page, started at the first order. `null`: it did not answer. */
function createAsk(start?: StartRingWorker): (order: RingOrder) => Promise<RingAnswer | null> {
	let worker: Worker | null = null;
	return async (order) => {
		if (start === undefined) return null;
		worker ??= start();
		const answer = await askOnce(worker, order);
		if (answer !== null) return answer;
		worker.terminate();
		worker = null;
		return null;
	};
}

function askOnce(worker: Worker, order: RingOrder): Promise<RingAnswer | null> {
	const done = new AbortController();
	return new Promise<RingAnswer | null>((resolve) => {
		const { signal } = done;
		const timer = setTimeout(() => resolve(null), PATIENCE_MS);
		signal.addEventListener('abort', () => clearTimeout(timer));
		worker.addEventListener('message', ({ data }: MessageEvent<RingAnswer>) => resolve(data), {
			signal
		});
		worker.addEventListener('error', () => resolve(null), { signal });
		worker.postMessage(order);
	}).finally(() => done.abort());
}
