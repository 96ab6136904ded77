/** What an office holds in memory: nonces, notices, listeners, turns. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { createMemoryStore } from '../store/memory.ts';
import { BOUNDS } from './bounds.ts';
import { createListeners } from './listeners.ts';
import { createNonces } from './nonces.ts';
import { createNotices, type Notice } from './notices.ts';
import { createTurns } from './turns.ts';

const never = new Promise<never>(() => undefined);
const event = Uint8Array.of(1);

test('a nonce is used once, as long as its request is fresh', () => {
	const nonces = createNonces(createMemoryStore());
	expect(nonces.use('a', 0)).toBe(true);
	expect(nonces.use('a', 2 * LIMITS.requestAgeMs - 1)).toBe(false);
	expect(nonces.use('b', 1)).toBe(true);
	expect(nonces.use('a', 2 * LIMITS.requestAgeMs)).toBe(true);
	expect(nonces.use('b', 2 * LIMITS.requestAgeMs)).toBe(false);
});

test('a nonce of the run before is known, and old ones leave the disk', () => {
	const store = createMemoryStore();
	const before = createNonces(store);
	for (let i = 0; i < 100; i++) before.use(`old${i}`, i);
	const after = createNonces(store);
	expect(after.use('old99', 2 * LIMITS.requestAgeMs)).toBe(false);
	for (let i = 0; i < 10; i++) after.use(`new${i}`, 3 * LIMITS.requestAgeMs);
	const kept = store.list('nonce', []).map(({ key }) => key[0]);
	expect(kept.sort()).toEqual(Array.from({ length: 10 }, (_, i) => `new${i}`));
});

test('slots refuse beyond their bounds, replace by knock, and never evict', () => {
	const note = fc.record({
		slot: fc.constantFrom('public', 'contact'),
		knock: fc.nat(400).map(String),
		pass: fc.constantFrom('token' as const, 'none' as const),
		hash: fc.nat().map(String)
	});
	fc.assert(
		fc.property(fc.array(note, { minLength: 300, maxLength: 900 }), (notes) => {
			const notices = createNotices();
			const model = new Map<string, Notice>();
			for (const { slot, ...each } of notes) {
				const isPublic = slot === 'public';
				const notice: Notice = { ...each, slot, isPublic, root: 'r', sealed: event };
				const held = [...model.values()].filter((other) => other.slot === slot);
				const strangers = held.filter(({ pass }) => pass === 'none').length;
				const isKnown = model.has(`${slot}/${notice.knock}`);
				const isFull =
					held.length >= LIMITS.slotNotices ||
					(isPublic && notice.pass === 'none' && strangers >= LIMITS.publicSlotNotices);
				expect(notices.hasRoom(notice)).toBe(isKnown || !isFull);
				if (!isKnown && isFull) continue;
				notices.put(notice);
				model.set(`${slot}/${notice.knock}`, notice);
			}
			const hashes = (list: Iterable<Notice>) => [...list].map(({ hash }) => hash).sort();
			expect(hashes(notices.of('r'))).toEqual(hashes(model.values()));
			expect(notices.size).toBe(model.size);
		}),
		{ numRuns: 30 }
	);
});

test('one address cannot fill the memory of all', () => {
	const notices = createNotices();
	const make = (root: string, i: number): Notice => ({
		...{ root, slot: `${root}${Math.floor(i / 200)}`, knock: String(i), hash: String(i) },
		...{ sealed: event, pass: 'none', isPublic: false }
	});
	for (let i = 0; i < BOUNDS.noticesPerAddress; i++) notices.put(make('mallory', i));
	expect(notices.hasRoom(make('mallory', 99_999))).toBe(false);
	expect(notices.hasRoom(make('alice', 0))).toBe(true);
});

test('all addresses together cannot fill it either', () => {
	const notices = createNotices();
	const make = (i: number): Notice => ({
		...{ root: String(i % 100), slot: String(i % 1000), knock: String(i), hash: String(i) },
		...{ sealed: event, pass: 'none', isPublic: false }
	});
	for (let i = 0; i < BOUNDS.notices; i++) notices.put(make(i));
	expect(notices.hasRoom({ ...make(1), slot: 'new', root: 'new', knock: 'new' })).toBe(false);
	expect(notices.hasRoom(make(1))).toBe(true);
});

test('a burned slot is empty, and only the owner deletes', () => {
	const notices = createNotices();
	const make = (slot: string): Notice => ({
		...{ root: 'r', slot, knock: 'k', hash: slot, sealed: event, pass: 'none', isPublic: false }
	});
	notices.put(make('a'));
	notices.put(make('b'));
	notices.burn('a');
	notices.remove('mallory', new Set(['b']));
	expect(notices.of('r').map(({ slot }) => slot)).toEqual(['b']);
	notices.remove('r', new Set(['b']));
	expect(notices.size).toBe(0);
});

test('a listener hears what is told, in order, also what came before it listened again', async () => {
	const listeners = createListeners();
	const listener = listeners.open('r');
	listeners.tell('r', Uint8Array.of(1));
	listeners.tell('other', Uint8Array.of(9));
	listeners.tell('r', Uint8Array.of(2));
	expect(await listener.next(never)).toEqual(Uint8Array.of(1));
	expect(await listener.next(never)).toEqual(Uint8Array.of(2));
	expect(await listener.next(Promise.resolve())).toBeNull();
	const hearing = listener.next(never);
	listeners.tell('r', Uint8Array.of(3));
	expect(await hearing).toEqual(Uint8Array.of(3));
});

test('a listener that does not read is cut off, and one too many ends the oldest', async () => {
	const listeners = createListeners();
	const deaf = listeners.open('r');
	for (let i = 0; i <= BOUNDS.unreadEvents; i++) listeners.tell('r', event);
	expect(deaf.isEnded).toBe(true);
	expect(await deaf.next(never)).toBeNull();
	const oldest = listeners.open('r');
	for (let i = 0; i < BOUNDS.listenersPerAddress; i++) listeners.open('r');
	expect(oldest.isEnded).toBe(true);
	expect(listeners.size).toBe(BOUNDS.listenersPerAddress);
	listeners.close('r');
	expect(listeners.size).toBe(0);
});

test('turns let so many run at once, and the rest in their order', async () => {
	const turns = createTurns(2);
	let running = 0;
	const order: number[] = [];
	const work = (n: number) =>
		turns.run(async () => {
			running++;
			expect(running).toBeLessThanOrEqual(2);
			order.push(n);
			await new Promise((resolve) => setImmediate(resolve));
			running--;
			if (n === 3) throw new Error('one that fails gives its turn back');
		});
	const all = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
	expect(order).toEqual([0, 1, 2, 3, 4, 5]);
	expect(all.filter(({ status }) => status === 'rejected').length).toBe(1);
});
