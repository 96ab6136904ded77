/** Fills a mailbox for `start.ts`: rows as the app writes them, many times over. */
import { befriend, createPerson, inventPerson, saveDrafts } from '../ours/person.ts';
import { textOf } from '../harness/text.ts';
import { send } from '../../src/lib/post/send.ts';
import { tendListing } from '../../src/lib/post/listing.ts';
import type { Change } from '../../src/lib/post/ports.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { utf8 } from '../../src/lib/wire/bytes.ts';
import { bytesToMessageId, cidToEntryId, cidToThreadId } from '../../src/lib/wire/ids.ts';

const COMMIT_THREADS = 250;
const HOUR_MS = 3_600_000;

const api = {
	/** An identity, and copies of the rows of one thread with one message from somebody else. */
	async fill(threads: number): Promise<void> {
		const alice = await createPerson('Alice');
		if (threads === 0) return;
		const bob = await befriend(alice, (await inventPerson(alice.desk, 'Bob')).bundle);
		const [draft] = await saveDrafts(alice, [textOf(0)], { kind: 'new', to: [bob] });
		const sent = draft && (await send(alice.desk, alice.account, draft));
		if (sent?.ok !== true) throw new Error('nothing to copy');
		const { store } = alice.desk;
		const thread = await store.get('thread', [sent.threadId]);
		const entries = await store.list('entry', [sent.threadId]);
		const [message] = await store.list('message', [sent.threadId]);
		if (thread?.digest === undefined || message === undefined) throw new Error('rows are missing');
		for (let first = 1; first < threads; first += COMMIT_THREADS) {
			const changes: Change[] = [];
			for (let at = first; at < Math.min(threads, first + COMMIT_THREADS); at++) {
				const id = cidToThreadId(cidOfRaw(utf8(`thread ${String(at)}`)));
				const order = message.order - at * HOUR_MS;
				const copy = {
					...{ ...message, thread: id, from: bob, isMine: false, deliveries: [], order },
					id: bytesToMessageId(cidOfRaw(utf8(String(at))).multihash.digest.slice(0, 16)),
					mail: { ...message.mail, subject: `Harbour ${String(at)}`, text: textOf(at) }
				};
				const { mail: _, ...header } = copy;
				const last = { ...thread.digest.last, ...header, mail: copy.mail };
				const { text: __, attachments: ___, answers: ____, ...fields } = copy.mail;
				const digest = {
					...thread.digest,
					last: { ...last, mail: fields, preview: textOf(at).slice(0, 160) },
					recent: [{ id: copy.id, order }]
				};
				const latest = { from: bob, preview: textOf(at).slice(0, 160), date: order };
				const subject = copy.mail.subject;
				changes.push(
					{ table: 'thread', key: [id], put: { ...thread, id, subject, digest, latest } },
					{ table: 'message', key: [id, copy.id], put: copy }
				);
				for (const [place, put] of entries.entries()) {
					const entry = cidToEntryId(cidOfRaw(utf8(`${id}/${String(place)}`)));
					changes.push({ table: 'entry', key: [id, entry], put });
				}
			}
			await store.commit(changes);
		}
		while (!(await tendListing(alice.desk)));
	}
};

Object.assign(globalThis, { api });
