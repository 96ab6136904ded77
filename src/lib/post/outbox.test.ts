/** What finds no room at the office waits, and holds up nothing but its own thread. */

import { beforeEach, expect, test, vi } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import { accept, refuse, type Refusal } from '../wire/refusal.ts';
import { sealKnock } from './knock.ts';
import { drainOutbox } from './outbox.ts';
import type { Office } from './ports.ts';
import { atOwnOffice, type Counter } from './registration.ts';

vi.mock(import('./registration.ts'), async (original) => ({
	...(await original()),
	atOwnOffice: vi.fn()
}));
vi.mock(import('./knock.ts'), async (original) => ({ ...(await original()), sealKnock: vi.fn() }));

// No notice goes out here: what is asked is what becomes of the blocks.
beforeEach(() => void vi.mocked(sealKnock).mockResolvedValue(null));

/** Alice's outbox holds a letter, an answer in its thread, and a letter of another thread. */
async function setUp() {
	let now = 1_790_000_000_000;
	const [alice, bob] = [
		await createPerson('alice', () => now++),
		await createPerson('bob', () => now++)
	];
	await introduce([alice, bob]);
	const first = await post(alice, [bob]);
	await post(alice, [bob], { kind: 'replyAll', thread: first.threadId });
	await post(alice, [bob]);
	return alice;
}

/** The office's answer to each request in turn; then it takes all. Says which messages it has whole. */
async function drain(alice: Awaited<ReturnType<typeof setUp>>, answers: readonly Refusal[]) {
	let asked = 0;
	const keep = async () => {
		const refusal = answers[asked++];
		return refusal === undefined ? accept(null) : refuse(refusal);
	};
	const counter = { office: { keep } as unknown as Office } as Counter;
	vi.mocked(atOwnOffice).mockImplementation((_desk, _account, work) => work(counter));
	const outcome = await drainOutbox(alice.desk, alice.account);
	const records = await alice.desk.store.list('outbox');
	records.sort((a, b) => a.createdAt - b.createdAt);
	return { outcome, kept: records.map(({ isKept }) => isKept), asked };
}

test.each(['over-quota', 'disk-full'] as const)(
	'%s of one message: its thread waits, the others go on, and the reason is told',
	async (reason) => {
		const alice = await setUp();
		expect(await drain(alice, [reason])).toEqual({
			outcome: { kind: 'refused', reason },
			kept: [false, false, true],
			asked: 2
		});
		expect(await drain(alice, [])).toMatchObject({
			outcome: { kind: 'handed-over' },
			kept: [true, true, true]
		});
	}
);

test('any other refusal would meet every message: the next try begins anew', async () => {
	const alice = await setUp();
	expect(await drain(alice, ['rate-limited'])).toEqual({
		outcome: { kind: 'refused', reason: 'rate-limited' },
		kept: [false, false, false],
		asked: 1
	});
});
