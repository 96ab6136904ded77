/**
 * Which thread a brought mail belongs to: by what its References and In-Reply-To name (RFC 5256 §3,
 * "REFERENCES"; the algorithm of jwz.org/doc/threading.html), and by Google's id of the conversation where
 * there is one. Every id that a mail names leads to its thread from then on, so that order does not matter.
 * Subjects alone join nothing, nor does a mail that names two threads make one of them: anybody may name
 * any id, and what was joined wrongly nobody could part again.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import type { Change, MailStore } from '../post/ports.ts';
import type { ReferenceRecord } from '../post/records.ts';
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
	const index = await readIndex(
		store,
		new Set(namesOf.flatMap(({ own, others }) => [...others, own]))
	);
	const threads = namesOf.map((names) => index.threadOf(names));
	// A later mail may have joined what an earlier one began.
	return { ...index.changes(), threads: threads.map((id) => index.resolve(id)) };
}

interface Names {
	readonly own: string;
	/** What it answers, oldest first: the first begins a thread that is new. */
	readonly others: readonly string[];
}

function namesIn(brought: Brought): Names {
	const { mail, marks } = brought;
	const own = nameOf('id', mail.messageId ?? originalName(brought));
	const { conversation } = marks;
	const ids = mail.references.map((id) => nameOf('id', id));
	const others = conversation === null ? ids : [nameOf('conversation', conversation)];
	return { own, others: [...new Set(others)].filter((name) => name !== own) };
}

/** Without a Message-ID a mail is only itself. */
function originalName({ original, content }: Brought): string {
	return toHex(original.kind === 'bytes' ? original.sha256 : content);
}

function nameOf(kind: 'id' | 'conversation', text: string): string {
	return toHex(sha256(utf8(`${kind} ${text}`)));
}

async function readIndex(store: Pick<MailStore, 'get'>, names: ReadonlySet<string>) {
	const led = new Map<string, ThreadId>();
	const here = new Set<string>();
	const read = async (name: string) => {
		const row = await store.get('reference', [name]);
		if (row !== null) led.set(name, row.thread);
		if (row?.isHere === true) here.add(name);
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
	return new Index(led, here, aliases);
}

class Index {
	readonly #led: Map<string, ThreadId>;
	/** Own names of mails that came; the others were named alone. */
	readonly #here: Set<string>;
	readonly #aliases: Map<ThreadId, ThreadId>;
	readonly #fresh = new Set<string>();
	readonly #merged: { from: ThreadId; into: ThreadId }[] = [];

	constructor(led: Map<string, ThreadId>, here: Set<string>, aliases: Map<ThreadId, ThreadId>) {
		this.#led = led;
		this.#here = here;
		this.#aliases = aliases;
	}

	/**
	 * The nearest that it answers says where it stands. Two threads become one only where others waited
	 * for this very mail: else whoever names the ids of many threads could make one of them.
	 */
	threadOf({ own, others }: Names): ThreadId {
		const nearest = others.findLast((name) => this.#led.has(name));
		const awaited = this.#ledTo(own);
		const isAnother = awaited !== null && this.#here.has(own);
		const answered = isAnother || nearest === undefined ? null : this.#ledTo(nearest);
		const into = answered ?? awaited ?? freshThread(others[0] ?? own);
		if (awaited !== null && awaited !== into) {
			this.#aliases.set(awaited, into);
			this.#merged.push({ from: awaited, into });
		}
		for (const name of others) if (!this.#led.has(name)) this.#lead(name, into);
		if (!this.#here.has(own)) {
			this.#here.add(own);
			this.#lead(own, into);
		}
		return into;
	}

	#ledTo(name: string): ThreadId | null {
		const id = this.#led.get(name);
		return id === undefined ? null : this.resolve(id);
	}

	#lead(name: string, into: ThreadId): void {
		this.#led.set(name, into);
		this.#fresh.add(name);
	}

	resolve(id: ThreadId): ThreadId {
		let end = id;
		for (let next = this.#aliases.get(end); next !== undefined; next = this.#aliases.get(end)) {
			end = next;
		}
		return end;
	}

	changes(): Pick<Threading, 'merged' | 'references'> {
		const aliases = this.#merged.map(({ from, into }) => putReference(from, { thread: into }));
		const fresh = [...this.#fresh].flatMap((name) => {
			const thread = this.#led.get(name);
			if (thread === undefined) return [];
			return putReference(name, { thread, ...(this.#here.has(name) && { isHere: true }) });
		});
		return { merged: this.#merged, references: [...aliases, ...fresh] };
	}
}

/** The same for the same mails, however often they are brought. */
function freshThread(name: string): ThreadId {
	return toLegacyThreadId(sha256(utf8(`thread ${name}`)));
}

function putReference(name: string, put: ReferenceRecord): Change {
	return { table: 'reference', key: [name], put };
}
