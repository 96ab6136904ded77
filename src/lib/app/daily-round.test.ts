/** What the daily round does where one of its steps cannot be done. */

import { afterEach, expect, test, vi } from 'vitest';
import { createPerson } from '../../../tests/sim/people.ts';
import { Secret } from '../crypto/secret.ts';
import { leaveBlocks } from '../mailbox/leftovers.ts';
import { StorageFull, Unreachable } from '../post/ports.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { cidToBlockId } from '../wire/ids.ts';
import { startDailyRound } from './daily-round.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

test('an office that is away and a full disk keep no blocks here that nobody needs', async () => {
	let now = 1_790_000_000_000;
	const asked: string[] = [];
	const person = await createPerson(
		'alice',
		() => now,
		(url) => {
			asked.push(url);
			throw new Unreachable('it is away');
		}
	);
	const signer = await person.desk.suite.signer(new Secret(new Uint8Array(32).fill(1)));
	const desk = { ...person.desk, keys: { deviceSigner: () => Promise.resolve(signer) } };
	const data = Uint8Array.of(1);
	const id = cidToBlockId(cidOfRaw(data));
	await desk.blocks.put([{ id, data }]);
	await leaveBlocks(desk, [id]);
	now += 20 * DAY_MS;
	vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
	const problems: unknown[] = [];
	vi.stubGlobal('reportError', (problem: unknown) => problems.push(problem));
	const end = new AbortController();
	const reserve = { lay: () => Promise.reject(new StorageFull()) };
	startDailyRound(desk, reserve, person.account, end.signal);
	await vi.advanceTimersByTimeAsync(30_000);
	vi.useRealTimers();
	await expect.poll(async () => [problems, await desk.blocks.has(id)]).toEqual([[], false]);
	expect(asked.length).toBeGreaterThan(0);
	end.abort();
});
