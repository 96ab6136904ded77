/** Keeps a thread half-way, named after this version: `node tests/kept/make-half.ts`, where that changes. */

import manifest from '../../package.json' with { type: 'json' };
import { createAccount, openAccount } from '../../src/lib/post/account.ts';
import type { Desk } from '../../src/lib/post/ports.ts';
import { rowToBytes } from '../../src/lib/store/rows.ts';
import { coursesFor, introduce, post, take, type Person } from '../sim/people.ts';
import { layDesk, textsOf, writeHalf, type HalfRow } from './half.ts';

const MESSAGES = 24;
const READ = 6;

let clock = 1_795_000_000_000;
const now = () => clock++;
const [aliceDesk, bobDesk] = [layDesk('Alice', now), layDesk('Bob', now)];
const rows = watch(bobDesk);
const [alice, bob] = [await createPerson('Alice', aliceDesk), await createPerson('Bob', bobDesk)];
await introduce([alice, bob]);
const { threadId: thread } = await post(alice, [bob], { text: 'text 0' });
for (let i = 1; i < MESSAGES; i++) {
	await post(alice, [bob], { kind: 'replyAll', thread, text: `text ${String(i)}` });
}
const { outline, texts } = await coursesFor(alice, bob, thread);
await take(bob, alice, outline);
await take(bob, alice, texts.slice(0, READ));
const name = `${manifest.version}.kept`;
await writeHalf(name, {
	now: now(),
	thread,
	writer: alice.account.record.address,
	rows: [...rows.values()],
	texts: texts.slice(READ).flatMap(({ header, body }) => (body === null ? [] : { header, body })),
	read: await textsOf(bobDesk, thread),
	all: await textsOf(aliceDesk, thread)
});
console.log(`kept as ${name}: ${String(rows.size)} rows`);

/** Its rows, as they are written, each in place of what stood there. */
function watch({ store }: Desk): Map<string, HalfRow> {
	const written = new Map<string, HalfRow>();
	const { commit, update } = store;
	const note = (changes: Parameters<typeof commit>[0]) => {
		for (const change of changes) {
			const { table, key } = change;
			const at = [table, ...key].join('/');
			if ('remove' in change) written.delete(at);
			else written.set(at, { table, key, row: rowToBytes(change.put) });
		}
	};
	store.commit = async (list, options) => {
		await commit(list, options);
		note(list);
	};
	store.update = async (table, key, decide, options) => {
		let decided: Parameters<typeof commit>[0] = [];
		await update(table, key, (row) => (decided = decide(row)), options);
		note(decided);
	};
	return written;
}

async function createPerson(name: string, desk: Desk): Promise<Person> {
	await createAccount(desk, { name, office: 'https://post.example' });
	const account = await openAccount(desk);
	if (account === null) throw new Error('no account');
	return { name, desk, account, otherTab: () => Promise.reject(new Error('there is none')) };
}
