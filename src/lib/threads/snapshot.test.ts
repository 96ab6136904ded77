import fc from 'fast-check';
import { expect, test } from 'vitest';
import { threadOf, World, type Actor, type Box } from '../../../tests/threads/actors.ts';
import { toHex } from '../wire/bytes.ts';
import { entryIdOf } from '../wire/entry.ts';
import type { EntryId } from '../wire/ids.ts';
import { isBlind } from './blind.ts';
import {
	entryIds,
	hasEntry,
	isOpen,
	isText,
	mayHaveBody,
	printOfThread,
	refusalOf,
	refusedEntries,
	textEntries
} from './entries.ts';
import { withdrawMessage } from './make.ts';
import { membershipEvents, membersOf, slotOf } from './members.ts';
import { TextsAway } from './packed-node.ts';
import { openSnapshot } from './receive.ts';
import { shownMessages } from './shown.ts';
import { entriesOfSnapshot, takeSnapshot, trailSince, type Snapshot } from './snapshot.ts';
import type { ThreadState } from './thread.ts';

/** All that a replica says of itself, but for the texts. */
function accountOf(state: ThreadState, people: readonly Actor[]) {
	const ids = [...entryIds(state)].sort();
	return {
		...{ heads: state.heads, missing: state.missing, size: state.size, ids },
		print: toHex(printOfThread(state)),
		members: membersOf(state).map(({ root, card, devices }) => [
			toHex(root),
			toHex(card),
			devices.map(({ peer }) => peer).sort()
		]),
		slots: people.map(({ root }) => slotOf(state, root)),
		events: membershipEvents(state)
			.map(({ entry }) => entry)
			.sort(),
		said: ids.map((id) => [refusalOf(state, id), isText(state, id), isOpen(state, id)]),
		mayHave: ids.map((id) => people.map(({ root }) => mayHaveBody(state, root, id))),
		texts: textEntries(state)
			.map(({ entry, message }) => `${entry} ${message ?? ''}`)
			.sort(),
		learned: [
			toHex(state.replica.clock),
			...[...state.replica.vouched].sort(),
			...[...state.replica.believed].sort()
		],
		blind: isBlind(state)
	};
}

/** As storage would, with what the snapshot names and what came since. */
async function reopen(box: Box, snapshot: Snapshot): Promise<ThreadState | null> {
	const packed = entriesOfSnapshot(snapshot) ?? [];
	const known = new Set(packed.flatMap(({ id, message }) => (message === null ? [] : [id])));
	const bundles = box.bundles.filter(({ header }) => !known.has(entryIdOf(header)));
	const secrets = box.secrets ?? undefined;
	return openSnapshot(box.ports, box.me, { snapshot, packed }, bundles, {
		...{ trusted: true, refused: refusedEntries(box.open) },
		...(secrets && { secrets })
	});
}

type Deed = 'write' | 'sync' | 'withdraw' | 'remove' | 'snapshot' | 'epoch';
const deed = fc.record({
	what: fc.constantFrom<Deed>(
		'write',
		'write',
		'write',
		'sync',
		'withdraw',
		'remove',
		'snapshot',
		'epoch'
	),
	who: fc.nat(2),
	whom: fc.nat(2)
});

async function act(
	boxes: readonly Box[],
	{ what, who, whom }: { what: Deed; who: number; whom: number }
) {
	const [box, other] = [boxes[who], boxes[whom]];
	if (box === undefined || other === undefined) return;
	const people = boxes.map(({ actor }) => actor);
	if (what === 'write')
		await box.tryWrite(`by ${box.actor.name}`, people).then((made) => made.ok && box.keep(made));
	if (what === 'sync' && box !== other) await box.receive(fromLast(other));
	if (what === 'epoch') box.actor.world.now += 11 * 24 * 3600_000;
	if (what === 'remove' && who === 0 && whom === 2) {
		if (membersOf(box.open).length === 3) await box.remove(other.actor, people);
	}
	if (what !== 'withdraw') return;
	const own = box.messages().find(({ root }) => toHex(root) === toHex(box.actor.root));
	if (own === undefined) return;
	const persons = people.map(({ person }) => person);
	const made = await withdrawMessage(box.ports, box.me, box.open, own.id, persons);
	if (made.ok) box.keep(made);
}

/** Children before their parents. */
function fromLast(box: Box) {
	return box.bundles.toReversed();
}

test('a snapshot and what came since say what all entries say', async () => {
	let opened = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(deed, { minLength: 12, maxLength: 40 }), async (deeds) => {
			const world = new World();
			const people = [
				await world.person('Alice'),
				await world.person('Bob'),
				await world.person('Carol')
			];
			const [alice, ...others] = people as [Actor, Actor, Actor];
			const boxes = (await threadOf(alice, others)) as Box[];
			const snapshots: (Snapshot | null)[] = boxes.map(() => null);
			for (const each of deeds) {
				const box = boxes[each.who];
				if (each.what === 'snapshot' && box) snapshots[each.who] = takeSnapshot(box.open);
				else await act(boxes, each);
			}
			for (const [at, box] of boxes.entries()) {
				const snapshot = snapshots[at];
				if (snapshot === null || snapshot === undefined || box.open.replica.pending.size > 0)
					continue;
				const state = await reopen(box, snapshot);
				if (state === null) throw new Error('it does not open');
				opened++;
				expect(takeSnapshot(box.open)).toEqual(packedAtOnce(box.open));
				const whole = await box.restart();
				expect(accountOf(state, people)).toEqual(accountOf(whole.open, people));
				expect(takeSnapshot(state)?.size).toBe(state.size);
			}
		}),
		{ numRuns: 20, seed: 16 }
	);
	expect(opened).toBeGreaterThan(10);
}, 120_000);

function packedAtOnce({ replica, ...state }: ThreadState): Snapshot | null {
	const { view } = replica;
	const log = { ...view.log, packed: null };
	return takeSnapshot({ ...state, replica: { ...replica, view: { ...view, log } } });
}

test('what is packed once more is the same', async () => {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
	const [a, b] = (await threadOf(alice, [bob])) as [Box, Box];
	for (let i = 0; i < 5; i++) await a.write(`note ${String(i)}`);
	await b.sync(a);
	const snapshot = takeSnapshot(a.open);
	if (snapshot === null) throw new Error('there is one');
	const state = await reopen(a, snapshot);
	expect(state && takeSnapshot(state)).toEqual(snapshot);
	expect(trailSince(a.open, snapshot.size)).toEqual([]);
	const { bundles } = await a.write('since');
	expect(trailSince(a.open, snapshot.size)).toEqual([
		entryIdOf(bundles.at(-1)?.header ?? new Uint8Array())
	]);
	expect(hasEntry(state ?? a.open, a.open.heads[0] ?? entryIdOf(new Uint8Array()))).toBe(false);
});

test('what came since is found from several places, some 16 at most besides the last', async () => {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
	const [a] = (await threadOf(alice, [bob])) as [Box, Box];
	await a.write('before');
	const { size } = a.open;
	const since: EntryId[] = [];
	for (let i = 0; i < 300; i++) {
		const { bundles } = await a.write(`since ${String(i)}`);
		since.push(entryIdOf(bundles.at(-1)?.header ?? new Uint8Array()));
		// The last one, and each 16th; of more than 256 each 17th or later.
		const stride = i < 256 ? 16 : Math.ceil((i + 1) / 16);
		const marks = since.filter((_, at) => at % stride === 0 && at < i).reverse();
		expect(trailSince(a.open, size)).toEqual([since.at(-1), ...marks]);
		expect(marks.length).toBeLessThanOrEqual(16);
	}
});

test('a text that is not there is not passed over', async () => {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
	const [a] = (await threadOf(alice, [bob])) as [Box, Box];
	await a.write('one');
	const snapshot = takeSnapshot(a.open);
	const state = snapshot && (await reopen(a, snapshot));
	if (state === null) throw new Error('it opens');
	expect(() => shownMessages(state)).toThrow(TextsAway);
});

test('a body that says of itself that it is packed is read all the same', async () => {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
	const [a] = (await threadOf(alice, [bob])) as [Box, Box];
	const { mail } = a.draft('odd');
	await a.write('odd', [], { mail: { ...mail, isPacked: true, isBlind: true } });
	expect(a.texts()).toContain('odd');
	expect(isBlind(a.open)).toBe(false);
});

test('damaged bytes give nothing, wherever they are cut', async () => {
	const world = new World();
	const [alice, bob] = [await world.person('Alice'), await world.person('Bob')];
	const [a] = (await threadOf(alice, [bob])) as [Box, Box];
	for (let i = 0; i < 3; i++) await a.write(`note ${String(i)}`);
	const snapshot = takeSnapshot(a.open);
	if (snapshot === null) throw new Error('there is one');
	expect(entriesOfSnapshot(snapshot)).toHaveLength(a.open.size);
	for (let end = 0; end < snapshot.entries.length; end++) {
		const entries = snapshot.entries.slice(0, end);
		expect(entriesOfSnapshot({ ...snapshot, entries })).toBeNull();
	}
	expect(entriesOfSnapshot({ ...snapshot, writers: [] })).toBeNull();
});
