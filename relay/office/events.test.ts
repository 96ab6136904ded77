import { expect, test } from 'vitest';
import { createPerson } from '../../tests/relay/person.ts';
import { createWorld } from '../../tests/relay/world.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import { pingDecoder } from '../../src/lib/wire/office.ts';
import { toHex } from '../../src/lib/wire/bytes.ts';
import { BOUNDS } from './bounds.ts';
import { listenToEvents } from './events.ts';

const URL = 'http://o.test';

test('speaks at least every 15 s, and ends after the announced time', async () => {
	const world = createWorld();
	const office = world.start(URL);
	const began = world.now;
	Object.assign(office, {
		sleep: async (ms: number) => {
			world.now += ms;
		}
	});
	const { signal } = new AbortController();
	const spoken: number[] = [];
	for await (const event of listenToEvents(office, 'aa', { once: false, signal })) {
		expect(pingDecoder.decode(event)).toMatchObject({ ok: true, value: { boot: office.boot } });
		spoken.push(world.now - began);
	}
	expect(world.now - began).toBe(LIMITS.listenMs);
	for (const [i, at] of spoken.entries()) {
		expect(at - (spoken[i - 1] ?? 0)).toBeLessThanOrEqual(BOUNDS.pingMs);
	}
	expect(office.listeners.size).toBe(0);
});

test('ends when the asker leaves, and leaves nothing behind', async () => {
	const world = createWorld();
	const office = world.start(URL);
	const leaving = new AbortController();
	const events = listenToEvents(office, 'aa', { once: false, signal: leaving.signal });
	await events.next();
	const waiting = events.next();
	expect(office.listeners.size).toBe(1);
	leaving.abort();
	await waiting;
	expect((await events.next()).done).toBe(true);
	expect(office.listeners.size).toBe(0);
});

test('ends for every device when the address has a new root record', async () => {
	const world = createWorld();
	const office = world.start(URL);
	const alice = await createPerson('Alice');
	await alice.join(world.offices(URL));
	const { signal } = new AbortController();
	const events = listenToEvents(office, toHex(alice.root), { once: false, signal });
	await events.next();
	const waiting = events.next();
	const again = await alice.renew(2_000);
	await again.join(world.offices(URL));
	await waiting;
	expect((await events.next()).done).toBe(true);
});
