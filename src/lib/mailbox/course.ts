/** Which way an answer takes, by whom it names (docs/decisions/0007). */

import type { Course, Person } from '../app/view.ts';
import { readRecipient } from '../post/typed.ts';
import { continuationOf } from '../post/continuation.ts';
import type { ListedThread } from '../post/listed.ts';
import type { DraftRecord, History, ThreadRecord } from '../post/records.ts';
import type { Address } from '../wire/ids.ts';
import { toPerson, type People } from './people.ts';

/** `null`: on among the same people, or nothing is answered, or nobody is named yet. */
export function courseOf(
	people: People,
	thread: Pick<ListedThread, 'members' | 'circle'> | undefined,
	{ kind, to, cc }: Pick<DraftRecord, 'kind' | 'to' | 'cc'>
): Course | null {
	if (thread === undefined || kind === 'new' || kind === 'forward') return null;
	const named = readNames([...to, ...cc]);
	if (named.size === 0) return null;
	// Rows of 0.1 do not say it; their threads let every member add.
	const members = thread.members.filter((each) => people.contacts.get(each)?.seat === undefined);
	const circle = { members, mayAdd: thread.circle?.mayAdd ?? true };
	const continuation = continuationOf(circle, people.me.address, [...named.keys()]);
	const persons = (addresses: readonly Address[]): Person[] =>
		addresses.map((address) => toPerson(people, address, named.get(address)));
	switch (continuation.kind) {
		case 'same':
			return null;
		case 'adds':
			return { kind: 'adds', added: persons(continuation.added) };
		case 'parts':
			return { kind: 'parts', without: persons(continuation.without) };
	}
}

/** What cannot be read yet stops the message from being sent, and is told there. */
function readNames(texts: readonly string[]): ReadonlyMap<Address, string> {
	const readings = texts.map(readRecipient);
	return new Map(
		readings.flatMap((reading) =>
			reading.kind === 'address' ? [[reading.address, reading.name] as const] : []
		)
	);
}

/** As chosen in the draft, else as last in its thread. */
export function historyOf(
	thread: Pick<ThreadRecord, 'history'> | undefined,
	draft: Pick<DraftRecord, 'history'>
): History {
	return draft.history ?? thread?.history ?? 'none';
}
