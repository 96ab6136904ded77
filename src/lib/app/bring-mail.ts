/** One import, from chosen files to the mailbox: it goes on where an earlier one of the same files ended. */

import { sha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { bringMails, type Tally } from '../exchange/bring.ts';
import type { Batch } from '../exchange/brought-batches.ts';
import { BEGINNING, inOrder, type Position, type SourceFile } from '../exchange/mail-source.ts';
import { StorageFull, type Change, type Desk } from '../post/ports.ts';
import { toHex, utf8 } from '../wire/bytes.ts';
import { SourceVanished } from './batches.ts';
import { readInWorker } from './mail-reader.ts';
import type { BringCounts, BringEnd } from './view-mail-files.ts';

export interface BringOptions {
	readonly signal: AbortSignal;
	readonly onProgress: (counts: BringCounts, progress: number | null) => void;
}

const KEY = ['bringing'];

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const bookmarkSchema = v.object({
	source: v.string(),
	name: v.string(),
	position: v.object({ file: count, entry: count, offset: count }),
	counts: v.object({
		brought: count,
		duplicates: count,
		unread: count,
		others: count,
		damaged: count,
		damagedNames: v.optional(v.pipe(v.array(v.string()), v.readonly()))
	})
});
type Bookmark = v.InferOutput<typeof bookmarkSchema>;

/** Of damaged files; more are counted only. */
const NAMED = 20;

const NOTHING: BringCounts = { brought: 0, duplicates: 0, unread: 0, others: 0, damaged: 0 };

/** An import that did not come to its end. */
export async function readBookmark({ store }: Pick<Desk, 'store'>): Promise<Bookmark | null> {
	const row = await store.get('setting', KEY);
	if (typeof row?.value !== 'string') return null;
	const parsed = v.safeParse(bookmarkSchema, JSON.parse(row.value));
	return parsed.success ? parsed.output : null;
}

export async function forgetBookmark({ store }: Pick<Desk, 'store'>): Promise<void> {
	await store.commit([{ table: 'setting', key: KEY, remove: true }]);
}

/** One import at a time of all tabs: another waits. */
export function bringFiles(
	desk: Desk,
	chosen: readonly File[],
	options: BringOptions
): Promise<{ readonly end: BringEnd; readonly counts: BringCounts }> {
	const files = inOrder(
		chosen.map((file) => ({ path: file.webkitRelativePath || file.name, file }))
	);
	const source = sourceOf(chosen);
	return desk.exclusive('bring', async () => {
		const known = await readBookmark(desk);
		const from = known?.source === source ? known : null;
		const name = nameOf(files);
		let counts: BringCounts = from?.counts ?? NOTHING;
		try {
			for await (const batch of readInWorker({ files, from: from?.position ?? BEGINNING })) {
				if (options.signal.aborted) return { end: 'stopped', counts };
				counts = await bringBatch(desk, batch, (next) =>
					putBookmark({ source, name, position: batch.position, counts: add(counts, batch, next) })
				).then((tally) => add(counts, batch, tally));
				options.onProgress(counts, progressOf(files, batch.position));
				await desk.breathe?.();
			}
			await forgetBookmark(desk);
			return { end: 'done', counts };
		} catch (error) {
			if (error instanceof StorageFull) return { end: 'storage-full', counts };
			if (error instanceof SourceVanished) return { end: 'vanished', counts };
			throw error;
		}
	});
}

function bringBatch(
	desk: Desk,
	{ mails }: Batch,
	bookmark: (tally: Tally) => Change
): Promise<Tally> {
	return bringMails(desk, mails, (tally) => [bookmark(tally)]);
}

function add(counts: BringCounts, { others, damaged }: Batch, tally: Tally): BringCounts {
	return {
		brought: counts.brought + tally.brought,
		duplicates: counts.duplicates + tally.duplicates,
		unread: counts.unread + tally.unread,
		others: counts.others + others.length,
		damaged: counts.damaged + damaged.length,
		damagedNames: [...(counts.damagedNames ?? []), ...damaged].slice(0, NAMED)
	};
}

function putBookmark(bookmark: Bookmark): Change {
	return { table: 'setting', key: KEY, put: { value: JSON.stringify(bookmark) } };
}

/** The same files chosen again, as far as a browser tells. */
function sourceOf(files: readonly File[]): string {
	const facts = files.map((file) => [
		file.webkitRelativePath || file.name,
		file.size,
		file.lastModified
	]);
	return toHex(sha256(utf8(JSON.stringify(facts.sort()))));
}

function nameOf(files: readonly SourceFile[]): string {
	const [first] = files;
	if (first === undefined) return '';
	return files.length === 1 ? first.path : (first.path.split('/')[0] ?? '');
}

/** By bytes; what was read of a zip is not known. */
function progressOf(
	files: readonly SourceFile[],
	{ file, entry, offset }: Position
): number | null {
	if (entry > 0) return null;
	const all = files.reduce((sum, each) => sum + each.file.size, 0);
	const before = files.slice(0, file).reduce((sum, each) => sum + each.file.size, 0);
	return all === 0 ? null : Math.min(1, (before + offset) / all);
}
