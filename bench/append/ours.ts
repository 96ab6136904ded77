/** DEFMS in `append.ts`: the send transaction as shipped, and many messages in one transaction. */
import { writeBatch } from '../ours/batch.ts';
import { befriend, createPerson, inventPerson, saveDrafts } from '../ours/person.ts';
import { textOf } from '../harness/text.ts';
import { dropReplica, loadReplica } from '../../src/lib/post/replicas.ts';
import { send } from '../../src/lib/post/send.ts';
import { parseThreadId, type ThreadId } from '../../src/lib/wire/ids.ts';

const alice = await createPerson('Alice');
const bob = await befriend(alice, (await inventPerson(alice.desk, 'Bob')).bundle);
let written = 0;

const api = {
	/** Begins a thread with Bob, and fills it to this many messages; its id. */
	async begin(messages: number): Promise<string> {
		const [draft] = await saveDrafts(alice, [textOf(written++)], { kind: 'new', to: [bob] });
		if (draft === undefined) throw new Error('no draft');
		const thread = await sendOne(draft);
		for (let left = messages - 1; left > 0; left -= 500) {
			await writeBatch(alice, thread, nextTexts(Math.min(left, 500)));
		}
		return thread;
	},
	/** Answers one by one, each durable before the next is written; a second. */
	async append(thread: string, count: number): Promise<number> {
		const rest = { kind: 'replyAll', to: [bob], thread: parse(thread) } as const;
		const drafts = await saveDrafts(alice, nextTexts(count), rest);
		const begin = performance.now();
		for (const draft of drafts) await sendOne(draft);
		return count / ((performance.now() - begin) / 1000);
	},
	/** The thread's replica from storage, as the first write after a start has it; ms. */
	async open(thread: string): Promise<number> {
		const id = parse(thread);
		dropReplica(alice.desk.store, id);
		const begin = performance.now();
		await loadReplica(alice.desk, alice.account, id);
		return performance.now() - begin;
	},
	/** Answers in one transaction; a second. */
	async batch(thread: string, count: number): Promise<number> {
		const texts = nextTexts(count);
		const begin = performance.now();
		await writeBatch(alice, parse(thread), texts);
		return count / ((performance.now() - begin) / 1000);
	}
};

async function sendOne(draft: Parameters<typeof send>[2]): Promise<ThreadId> {
	const sent = await send(alice.desk, alice.account, draft);
	if (!sent.ok) throw new Error(sent.problem.kind);
	return sent.threadId;
}

function nextTexts(count: number): string[] {
	return Array.from({ length: count }, () => textOf(written++));
}

function parse(text: string): ThreadId {
	const thread = parseThreadId(text);
	if (thread === null) throw new Error('not a thread');
	return thread;
}

Object.assign(globalThis, { api });
