/**
 * Which thread a brought mail belongs to: by what its References and In-Reply-To name (RFC 5256 §3,
 * "REFERENCES"; the algorithm of jwz.org/doc/threading.html), and by Google's id of the conversation where
 * there is one. Every id that a mail names leads to its thread from then on, so that order does not matter;
 * a mail that names two threads makes one of them. Subjects alone join nothing: what was joined wrongly
 * nobody could part again.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import type { Change, MailStore } from '../post/ports.ts';
import { toHex, utf8 } from '../wire/bytes.ts';
import { toLegacyThreadId, type ThreadId } from '../wire/ids.ts';
import type { Brought } from './brought.ts';

export interface Threading {
	/** In the order of the mails. */
	readonly threads: readonly ThreadId[];
	/** What was one thread more before. */
	readonly merged: readonly { readonly from: ThreadId; readonly into: ThreadId }[];
	/** What the mails name, and did not lead there before. */
	readonly references: readonly Change[];
}

export async function findThreads(
	store: Pick<MailStore, 'get'>,
	mails: readonly Brought[]
): Promise<Threading> {
	const namesOf = mails.map(namesIn);
	const index = await readIndex(store, new Set(namesOf.flat()));
	const threads = namesOf.map((names) => index.threadOf(names));
	// A later mail may have joined what an earlier one began.
	return { ...index.changes(), threads: threads.map((id) => index.resolve(id)) };
}

/** Oldest first: the first begins a thread that is new. */
function namesIn({ mail, marks, original }: Brought): readonly string[] {
	const own = nameOf('id', mail.messageId ?? originalName(original));
	if (marks.conversation !== null) return [nameOf('conversation', marks.conversation), own];
	return [...new Set([...mail.references.map((id) => nameOf('id', id)), own])];
}

/** Without a Message-ID a mail is only itself. */
function originalName(original: Brought['original']): string {
	return original.kind === 'bytes' ? toHex(original.sha256) : `large ${String(original.blob.size)}`;
}

function nameOf(kind: 'id' | 'conversation', text: string): string {
	return toHex(sha256(utf8(`${kind} ${text}`)));
}

async function readIndex(store: Pick<MailStore, 'get'>, names: ReadonlySet<string>) {
	const led = new Map<string, ThreadId>();
	const read = async (name: string) => {
		const row = await store.get('reference', [name]);
		if (row !== null) led.set(name, row.thread);
		return row?.thread;
	};
	const found = await Promise.all([...names].map(read));
	const aliases = new Map<ThreadId, ThreadId>();
	let open = new Set(found.filter((id) => id !== undefined));
	while (open.size > 0) {
		const next = await Promise.all([...open].map(async (id) => [id, await read(id)] as const));
		const moved = next.flatMap(([id, into]) => (into === undefined ? [] : [[id, into] as const]));
		for (const [id, into] of moved) aliases.set(id, into);
		open = new Set(moved.map(([, into]) => into).filter((into) => !aliases.has(into)));
	}
	return new Index(led, aliases);
}

class Index {
	readonly #led: Map<string, ThreadId>;
	readonly #aliases: Map<ThreadId, ThreadId>;
	readonly #fresh = new Map<string, ThreadId>();
	readonly #merged: { from: ThreadId; into: ThreadId }[] = [];

	constructor(led: Map<string, ThreadId>, aliases: Map<ThreadId, ThreadId>) {
		this.#led = led;
		this.#aliases = aliases;
	}

	threadOf(names: readonly string[]): ThreadId {
		const known = new Set(names.flatMap((name) => this.#led.get(name) ?? []));
		const [into = freshThread(names), ...others] = new Set(
			[...known].map((id) => this.resolve(id))
		);
		for (const from of others) {
			this.#aliases.set(from, into);
			this.#merged.push({ from, into });
		}
		for (const name of names) {
			if (this.#led.has(name)) continue;
			this.#led.set(name, into);
			this.#fresh.set(name, into);
		}
		return into;
	}

	resolve(id: ThreadId): ThreadId {
		let end = id;
		for (let next = this.#aliases.get(end); next !== undefined; next = this.#aliases.get(end)) {
			end = next;
		}
		return end;
	}

	changes(): Pick<Threading, 'merged' | 'references'> {
		const aliases = this.#merged.map(({ from, into }) => putReference(from, into));
		const fresh = [...this.#fresh].map(([name, id]) => putReference(name, id));
		return { merged: this.#merged, references: [...aliases, ...fresh] };
	}
}

/** The same for the same mails, however often they are brought. */
function freshThread(names: readonly string[]): ThreadId {
	return toLegacyThreadId(sha256(utf8(`thread ${names[0] ?? ''}`)));
}

function putReference(name: string, thread: ThreadId): Change {
	return { table: 'reference', key: [name], put: { thread } };
}
