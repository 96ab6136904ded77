import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageIn, NOW, peopleWith, threadOf } from '../../../tests/mailbox/records.ts';
import { toListed } from '../post/listed.ts';
import type { Change } from '../post/ports.ts';
import type { ThreadRecord } from '../post/records.ts';
import { NO_DIGESTS } from './digests.ts';
import type { LabelRecord } from './labels.ts';
import { ListRows } from './list-rows.ts';
import type { ThreadList } from './lists.ts';
import { ThreadTable } from './thread-table.ts';

const look = () => ({ people: peopleWith(), digests: NO_DIGESTS });
const LISTS: readonly ThreadList[] = ['inbox', 'archive', 'trash', 'starred', 'snoozed', 'label/a'];

function threadAt(name: number, fields: Partial<ThreadRecord> = {}): ThreadRecord {
	const messages = [messageIn(String(name), 1)];
	return { ...threadOf(String(name), messages), ...fields };
}

function put(thread: ThreadRecord): Change {
	return { table: 'thread', key: [thread.id], put: thread };
}

const writing = fc.record({
	name: fc.nat({ max: 12 }),
	date: fc.nat({ max: 5 }),
	place: fc.constantFrom('inbox', 'archive', 'trash'),
	marks: fc.constantFrom<Partial<ThreadRecord>>({}, { isPinned: true }, { isStarred: true }),
	snoozedUntil: fc.option(fc.constantFrom(NOW - 1, NOW + 1, NOW + 2), { nil: undefined }),
	labels: fc.constantFrom(['a'], []),
	count: fc.constantFrom(0, 1, 1, 1),
	isGone: fc.boolean()
});

test('whatever changes, a list is what it would be if all were put in order anew', () => {
	fc.assert(
		fc.property(fc.array(fc.array(writing, { maxLength: 4 }), { maxLength: 12 }), (commits) => {
			const table = new ThreadTable([]);
			const lists = LISTS.map((list) => new ListRows(list, look));
			const rows = new Map<string, ThreadRecord>();
			for (const commit of commits) {
				table.adopt(
					commit.map(({ name, date, isGone, snoozedUntil, marks, ...fields }) => {
						const thread = {
							...threadAt(name, { ...fields, ...marks }),
							...(snoozedUntil !== undefined && { snoozedUntil })
						};
						const dated = { ...thread, latest: { ...thread.latest, date } };
						if (isGone) rows.delete(thread.id);
						else rows.set(thread.id, dated);
						return isGone ? { table: 'thread', key: [thread.id], remove: true } : put(dated);
					})
				);
				expect(new Set(table.all)).toEqual(new Set([...rows.values()].map(toListed)));
				for (const { id } of table.all) expect(table.find(id)?.id).toBe(id);
				for (const [at, list] of LISTS.entries()) {
					const kept = lists[at]?.of(table.all, NOW);
					const anew = new ListRows(list, look).of(table.all, NOW);
					expect(kept?.map(({ thread }) => thread)).toEqual(anew.map(({ thread }) => thread));
				}
			}
		})
	);
});

test('of many rows only those are made that have changed', () => {
	const threads = Array.from({ length: 2_000 }, (_, at) => threadAt(at));
	const table = new ThreadTable(threads.map(toListed));
	const list = new ListRows('inbox', look);
	const before = list.of(table.all, NOW);
	expect(list.of(table.all, NOW)).toBe(before);
	const [first] = threads;
	if (first === undefined) throw new Error('there are some');
	table.adopt([put({ ...first, unread: 5 })]);
	const after = list.of(table.all, NOW);
	const known = new Set(before);
	expect(after.filter((row) => !known.has(row)).map(({ id }) => id)).toEqual([first.id]);
});

test('where all are put in order anew, the rows of those that stayed are the same', () => {
	const threads = Array.from({ length: 2_000 }, (_, at) => threadAt(at)).map(toListed);
	const list = new ListRows('inbox', look);
	const before = list.of(threads.slice(0, 30), NOW);
	const after = list.of(threads, NOW);
	expect(after).toHaveLength(2_000);
	for (const row of before) expect(after).toContain(row);
});

test('a row says what is known when it is looked at', () => {
	const [thread] = [threadAt(1)].map(toListed);
	if (thread === undefined) throw new Error('there is one');
	let labels: LabelRecord[] = [{ id: 'a', name: 'Roof', hue: 'red' }];
	const list = new ListRows('inbox', () => ({ ...look(), labels }));
	const [row] = list.of([{ ...thread, labels: ['a'] }], NOW);
	expect(row?.labels.map(({ name }) => name)).toEqual(['Roof']);
	labels = [{ id: 'a', name: 'House', hue: 'red' }];
	expect(row?.labels.map(({ name }) => name)).toEqual(['House']);
});
