import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Box, mingle, threadOf, World, type Actor } from '../../../tests/threads/actors.ts';
import { nobleSuite } from '../crypto/noble.ts';
import { toHex } from '../wire/bytes.ts';
import type { EntryBundle } from '../wire/entry.ts';
import { entryIds, printOfThread } from './entries.ts';
import { listNodes } from './log.ts';
import { appendArchive, createThread, withdrawMessage } from './make.ts';
import { membershipEvents, membersOf } from './members.ts';
import { openBundles } from './receive.ts';
import { shownMessages } from './shown.ts';
import type { Made, MakeResult, ThreadState } from './thread.ts';

/** All that a state is, in an order of its own; keys that are absent and keys without a value are one. */
function contentsOf({ heads, missing, size, id, replica }: ThreadState) {
	const { view, standing, present: _, secrets, ...rest } = replica;
	const nodes = listNodes(view).map(({ cid, content, ...node }) => {
		const fact = content.kind === 'epoch' ? content.fact : null;
		return { ...node, cid: cid.toString(), content: { ...content, fact } };
	});
	return {
		...{ id, heads, missing, size, nodes, rest },
		refused: [...standing.refused],
		at: standing.heads,
		closed: standing.closed,
		epochs: Object.entries(secrets.epochs).sort(([a], [b]) => (a < b ? -1 : 1)),
		sure: [...secrets.sureWriters].sort(),
		messages: [...view.log.messages].filter(([, { first = 0 }]) => first < view.length)
	};
}

function shownOf(state: ThreadState) {
	return {
		messages: shownMessages(state),
		members: membersOf(state),
		events: membershipEvents(state),
		print: toHex(printOfThread(state)),
		ids: [...entryIds(state)].sort()
	};
}

/** A verified identity says its address, too, where its signatures were looked at. */
function plainOf(value: unknown): unknown {
	if (value instanceof Map) return [...value].map(plainOf);
	if (value instanceof Set) return [...value].map(plainOf);
	if (Array.isArray(value)) return value.map(plainOf);
	if (typeof value !== 'object' || value === null) return value;
	if (ArrayBuffer.isView(value))
		return toHex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
	if ('multihash' in value) return String(value);
	const fields = Object.entries(value).filter(([key]) => key !== 'address' && key !== 'pair');
	return Object.fromEntries(fields.map(([key, field]) => [key, plainOf(field)]));
}

/** Through the door for strangers, entry by entry, as another tab with the same keys would. */
async function openAsStranger(
	box: Box,
	before: ThreadState | null,
	bundles: readonly EntryBundle[]
): Promise<ThreadState> {
	let state = before;
	for (const bundle of bundles) {
		const opened = await openBundles(box.ports, box.me, state, [bundle]);
		expect(opened.refused).toEqual([]);
		state = opened.state;
	}
	if (state === null) throw new Error('it does not open');
	return state;
}

async function expectSame(box: Box, before: ThreadState | null, made: Made): Promise<void> {
	const opened = await openAsStranger(box, before, made.bundles);
	expect(plainOf(contentsOf(made.state))).toEqual(plainOf(contentsOf(opened)));
	expect(plainOf(shownOf(made.state))).toEqual(plainOf(shownOf(opened)));
}

const TEXTS = ['harbour', '', 'Grüße 😀', 'half \ud83d a pair', '\0', 'x'.repeat(5_000)];

const action = fc.record({
	by: fc.nat(2),
	what: fc.constantFrom('write', 'write', 'write', 'add', 'remove', 'leave', 'withdraw', 'archive'),
	text: fc.constantFrom(...TEXTS),
	isOnRecord: fc.boolean(),
	daysLater: fc.constantFrom(0, 0, 1, 11),
	mingles: fc.boolean()
});

test('what we sealed is what opening it gives, whoever writes whatever', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 8 }), async (actions) => {
			const world = new World();
			const people: Actor[] = [];
			for (const name of ['Alice', 'Bob', 'Carol', 'Dave']) people.push(await world.person(name));
			const [alice, bob, carol, dave] = people;
			if (!alice || !bob || !carol || !dave) throw new Error('nobody is there');
			const boxes = await threadOf(alice, [bob, carol]);
			for (const { by, what, text, isOnRecord, daysLater, mingles } of actions) {
				world.now += daysLater * 24 * 3_600_000 + 1;
				const box = boxes[by];
				if (box === undefined) throw new Error('no such box');
				const { open: before, ports, me } = box;
				const known = people.map(({ person }) => person);
				const own = shownMessages(before).find(({ root }) => toHex(root) === toHex(me.root));
				const make = (): Promise<MakeResult | Made | null> => {
					if (what === 'add') return orNull(box.add([dave], people));
					if (what === 'remove') return orNull(box.remove(carol, people));
					if (what === 'leave') return orNull(box.leave(people));
					if (what === 'archive') {
						const messages = shownMessages(before).map(({ root, mail }) => ({ root, mail }));
						return appendArchive(ports, me, before, messages);
					}
					if (what === 'withdraw' && own !== undefined) {
						return withdrawMessage(ports, me, before, own.id, known);
					}
					const signed = isOnRecord ? { onRecord: box.actor.cardKey } : {};
					return box.tryWrite(text, people, { ...withUndefined(box, text), ...signed });
				};
				const made = await make();
				if (made?.ok !== true) continue;
				// Whoever leaves wraps its last epoch to the others alone, and keeps its secret.
				const { replica } = before;
				const start = { ...before, replica: { ...replica, secrets: made.secrets } };
				await expectSame(box, what === 'leave' ? start : before, made);
				box.keep(made);
				if (mingles) await mingle(...boxes);
			}
		}),
		{ numRuns: 25 }
	);
});

/** As a caller may give it, with fields that are there and have no value. */
function withUndefined(box: Box, text: string) {
	const { mail } = box.draft(text);
	return { mail: { ...mail, html: undefined, blind: undefined, later: undefined } };
}

async function orNull(making: Promise<Made>): Promise<Made | null> {
	return making.catch(() => null);
}

test.each([0, 1, 5])('a new thread with %i others is what opening it gives', async (count) => {
	const world = new World(nobleSuite);
	const alice = await world.person('Alice');
	const box = new Box(alice);
	const people = [];
	for (let i = 0; i < count; i++) people.push((await world.person('Bob')).person);
	const made = await createThread(box.ports, box.me, {
		people,
		open: { from: [], to: [], cc: [], subject: 'Test' },
		rules: { add: 'members', write: 'members' },
		draft: box.draft('first')
	});
	if (!made.ok) throw new Error(made.kind);
	await expectSame(box, null, made);
});

test('what is sealed opens for the others, whatever stood in the sealed object', async () => {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
	const [a, b] = (await threadOf(alice, [bob])) as [Box, Box];
	for (const text of TEXTS.slice(0, -1)) {
		await b.receive((await a.write(text, [], withUndefined(a, text))).bundles);
	}
	expect(a.texts()).toEqual(b.texts());
	expect(a.texts()).toContain('half \ufffd a pair');
});
