/** The app's own index, in a page: built, sealed and stored; opened again; asked. */
import { fold } from '../../src/lib/search/fold.ts';
import { find } from '../../src/lib/search/find.ts';
import { SearchIndex } from '../../src/lib/search/index.ts';
import type { Marked } from '../../src/lib/search/build.ts';
import type { Query } from '../../src/lib/search/query.ts';
import { decodeSegment, encodeSegment, type Segment } from '../../src/lib/search/segment.ts';
import { toHex, utf8 } from '../../src/lib/wire/bytes.ts';
import { bytesToMessageId, cidToThreadId } from '../../src/lib/wire/ids.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { createStore } from '../../src/lib/store/store.ts';
import { createCorpus } from './corpus.ts';

const SEGMENT_MESSAGES = 4_096;
const HITS = 50;
const MINUTE_MS = 60_000;
const THREADS = 10_000;

const store = createStore({ suite: () => Promise.reject(new Error('nothing is signed here')) });
const corpus = createCorpus(1_000);
let segments: Segment[] = [];

const api = {
	/** ms until so many mails are indexed, sealed and on the disk, in segments. */
	async index(count: number): Promise<number> {
		await clear();
		const threads = Array.from({ length: THREADS }, (_, at) => threadOf(at));
		const mails = Array.from({ length: count }, (_, at) => corpus.mail(at));
		const index = new SearchIndex(new Map(), () =>
			toHex(crypto.getRandomValues(new Uint8Array(8)))
		);
		const start = performance.now();
		for (let first = 0; first < count; first += SEGMENT_MESSAGES) {
			const before = new Set(index.segments.keys());
			const some = mails.slice(first, first + SEGMENT_MESSAGES);
			index.change(
				new Set(),
				some.map((text, at) => toMarked(text, first + at, threads))
			);
			const fresh = [...index.segments].filter(([name]) => !before.has(name));
			await store.mail.commit([
				...fresh.map(([name, segment]) => ({
					...{ table: 'search' as const, key: [name] },
					put: { name, bytes: encodeSegment(segment) }
				})),
				{ table: 'search', key: ['list'], put: { name: 'list', list: [...index.segments.keys()] } }
			]);
		}
		return performance.now() - start;
	},

	/** ms until the stored index answers, in a page that has just been opened. */
	async ready(): Promise<number> {
		const start = performance.now();
		const [list] = await store.mail.list('search', ['list']);
		for (const name of list?.list ?? []) {
			const [row] = await store.mail.list('search', [name]);
			const segment = row?.bytes && decodeSegment(row.bytes);
			if (!segment) throw new Error('a segment is missing');
			segments.push(segment);
		}
		return performance.now() - start;
	},

	/** ms of each question: the newest 50 messages. */
	ask(): number[] {
		return corpus.questions.map(({ word, isPrefix }) => {
			const query: Query = { kind: 'words', field: 'any', tokens: [word], isWhole: !isPrefix };
			const start = performance.now();
			let seen = 0;
			for (const hit of find(segments, query, () => new Set())) {
				if (hit.order > 0 && ++seen === HITS) break;
			}
			return performance.now() - start;
		});
	},

	async bytes(): Promise<number> {
		const rows = await store.mail.list('search');
		return rows.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
	}
};

async function clear(): Promise<void> {
	segments = [];
	const rows = await store.mail.list('search');
	await store.mail.commit(
		rows.map(({ name }) => ({ table: 'search' as const, key: [name], remove: true as const }))
	);
}

function toMarked(text: string, number: number, threads: readonly string[]): Marked {
	const id = new Uint8Array(16);
	new DataView(id.buffer).setUint32(0, number);
	const thread = threads[number % THREADS];
	const of = { thread: thread as ReturnType<typeof threadOf>, id: bytesToMessageId(id) };
	const folded = fold(text);
	const texts = { any: [folded], from: [], to: [], cc: [], subject: [], filename: [] };
	const order = Date.UTC(2026, 0) - number * MINUTE_MS;
	return { mark: number, of, document: { ...of, order, size: text.length, flags: [], texts } };
}

function threadOf(number: number) {
	return cidToThreadId(cidOfRaw(utf8(String(number))));
}

Object.assign(globalThis, { api });
