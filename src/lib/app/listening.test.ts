import { expect, test, vi } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import type { Account } from '../post/account.ts';
import { listen, type ListenOptions } from '../post/listen.ts';
import { Unreachable } from '../post/ports.ts';
import { accept } from '../wire/refusal.ts';
import type { Timer } from './errand.ts';
import { startListening, type OfficeState } from './listening.ts';

vi.mock('../post/listen.ts');

type Pass = ListenOptions & { end(): void; fail(error: Error): void };

/** Each pass is held open until the test ends it. */
function setUp() {
	const passes: Pass[] = [];
	vi.mocked(listen).mockImplementation(
		(_desk, _account, options) =>
			new Promise((resolve, reject) => {
				options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
				passes.push({ ...options, end: () => resolve(accept(null)), fail: reject });
			})
	);
	const desk = createDesk();
	const states: OfficeState[] = [];
	const pauses: number[] = [];
	let wake: () => void = () => undefined;
	const timer: Timer = (ms, work) => {
		pauses.push(ms);
		wake = work;
		return () => undefined;
	};
	const abort = new AbortController();
	const ports = {
		desk,
		account: {} as Account,
		onState: (state: OfficeState) => states.push(state),
		onRefused: () => undefined,
		onCramped: () => undefined,
		onOutbox: () => undefined
	};
	const listening = startListening(ports, { signal: abort.signal, timer, chance: () => 0 });
	const settle = () => new Promise((resolve) => setTimeout(resolve));
	return { abort, desk, listening, passes, pauses, settle, states, wake: () => wake() };
}

test('an office that ends a pass in its time is listened to again at once', async () => {
	const { desk, listening, passes, pauses, settle, states } = setUp();
	listening.ask();
	await settle();
	passes[0]?.onOpen?.();
	desk.clock.now += 55_000;
	passes[0]?.end();
	await settle();
	expect(passes).toHaveLength(2);
	expect([states, pauses]).toEqual([['open'], []]);
});

test('one that ends passes at once is not asked in a hot loop', async () => {
	const { listening, passes, pauses, settle } = setUp();
	listening.ask();
	await settle();
	passes[0]?.end();
	await settle();
	expect(passes).toHaveLength(1);
	expect(pauses).toEqual([1_000]);
});

test('silence is said after the third failure, and an answer ends it', async () => {
	const { listening, passes, settle, states, wake } = setUp();
	listening.ask();
	for (let i = 0; i < 3; i++) {
		await settle();
		passes.at(-1)?.fail(new Unreachable('no answer'));
		await settle();
		wake();
	}
	await settle();
	passes.at(-1)?.onOpen?.();
	expect(states).toEqual(['trying', 'trying', 'silent', 'open']);
});

test('waking ends a pass that may stand on a dead line', async () => {
	const { abort, listening, passes, settle, states } = setUp();
	listening.ask();
	await settle();
	listening.hurry();
	await settle();
	expect(passes).toHaveLength(2);
	expect(states).toEqual([]);
	abort.abort();
	await settle();
	expect(passes).toHaveLength(2);
});
