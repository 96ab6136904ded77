import { expect, test } from 'vitest';
import { cidOfObject, encodePlain } from '../wire/codec.ts';
import { cidToEntryId } from '../wire/ids.ts';
import { hasBit, NO_BITS } from './bits.ts';
import {
	ancestorsOf,
	emptyLog,
	listNodes,
	marksBefore,
	nodeAt,
	placeOf,
	pushNode,
	replaceNodes,
	type LogNode,
	type LogView
} from './log.ts';

function push(view: LogView, name: string, parents: number[], mark: number | null = null): LogView {
	const cid = cidOfObject(encodePlain(name));
	const bytes = new Uint8Array(32);
	const node: LogNode = {
		id: cidToEntryId(cid),
		cid,
		header: { v: 1, t: 'entry', thread: cid, parents: [], epoch: cid, salt: bytes, body: bytes },
		parents,
		before: marksBefore(view, parents),
		mark,
		content: { kind: 'absent' }
	};
	return pushNode(view, node);
}

const idOf = (name: string) => cidToEntryId(cidOfObject(encodePlain(name)));

test('an older view keeps seeing what it saw, and can go on another way', () => {
	const one = push(emptyLog(), 'a', [], 0);
	const two = push(one, 'b', [0]);
	const other = push(one, 'c', [0]);
	expect(two.log).toBe(one.log);
	expect(other.log).not.toBe(one.log);
	expect(listNodes(one)).toHaveLength(1);
	expect(placeOf(one, idOf('b'))).toBeNull();
	expect(placeOf(two, idOf('b'))).toBe(1);
	expect(placeOf(two, idOf('c'))).toBeNull();
	expect(placeOf(other, idOf('c'))).toBe(1);
});

test('a changed entry changes one view alone', () => {
	const one = push(emptyLog(), 'a', []);
	const node: LogNode = { ...nodeAt(one, 0), content: { kind: 'unknown' } };
	const changed = replaceNodes(one, new Map([[0, node]]));
	expect(nodeAt(one, 0).content.kind).toBe('absent');
	expect(nodeAt(changed, 0).content.kind).toBe('unknown');
});

test('marks and ancestors follow the parents', () => {
	const view = push(push(push(push(emptyLog(), 'a', [], 0), 'b', [0], 1), 'c', [0]), 'd', [1, 2]);
	expect(hasBit(nodeAt(view, 3).before, 0)).toBe(true);
	expect(hasBit(nodeAt(view, 3).before, 1)).toBe(true);
	expect(hasBit(nodeAt(view, 2).before, 1)).toBe(false);
	expect(marksBefore(view, [])).toBe(NO_BITS);
	expect([...ancestorsOf(view, 3)].sort()).toEqual([0, 1, 2]);
});
