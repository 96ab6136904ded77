import { beforeEach, expect, test, vi } from 'vitest';
import { createDesk, EMPTY_DRAFT, NOW, threadIdOf } from '../../../tests/mailbox/records.ts';
import { parseMessageId } from '../wire/ids.ts';
import type { Account } from './account.ts';
import { acknowledge, longestHold, sendAllHeld, sendHeld, takeBack } from './held.ts';
import type { DraftRecord } from './records.ts';
import { send, type SendOutcome } from './send.ts';

vi.mock('./send.ts');

const ACCOUNT = {} as Account;
const message = parseMessageId('00'.repeat(16));
if (message === null) throw new Error('this is an id');
const SENT: SendOutcome = {
	ok: true,
	threadId: threadIdOf('roof'),
	messageId: message,
	written: []
};
const HELD: DraftRecord = { ...EMPTY_DRAFT, subject: 'Roof', heldUntil: NOW + 10_000 };

async function setUp(outcome: SendOutcome = SENT, ...drafts: readonly DraftRecord[]) {
	const desk = createDesk();
	const rows = drafts.length > 0 ? drafts : [HELD];
	await desk.store.commit(rows.map((put) => ({ table: 'draft', key: [put.id], put })));
	const sent: DraftRecord[] = [];
	vi.mocked(send).mockImplementation(async (_desk, _account, draft) => {
		sent.push(draft);
		if (outcome.ok) await desk.store.commit([{ table: 'draft', key: [draft.id], remove: true }]);
		return outcome;
	});
	const stored = () => desk.store.get('draft', [HELD.id]);
	return { desk, sent, stored };
}

beforeEach(() => void vi.mocked(send).mockReset());

test('it goes out when it is due, once, and not before', async () => {
	const { desk, sent } = await setUp();
	desk.clock.now = NOW + 9_999;
	expect(await sendHeld(desk, ACCOUNT, HELD.id)).toBeNull();
	expect(sent).toEqual([]);
	desk.clock.now = NOW + 10_000;
	expect((await sendHeld(desk, ACCOUNT, HELD.id))?.ok).toBe(true);
	expect(await sendHeld(desk, ACCOUNT, HELD.id)).toBeNull();
	expect(sent.map(({ subject, heldUntil }) => [subject, heldUntil])).toEqual([['Roof', undefined]]);
});

test('at once, and all that is held', async () => {
	const other = { ...HELD, id: 'other', heldUntil: NOW + 30_000 };
	const { desk, sent } = await setUp(SENT, HELD, other, { ...EMPTY_DRAFT, id: 'being written' });
	expect(await sendAllHeld(desk, ACCOUNT)).toBe(0);
	expect(await longestHold(desk)).toBe(30_000);
	expect(await sendAllHeld(desk, ACCOUNT, { isAtOnce: true })).toBe(2);
	expect(sent.map(({ id }) => id).sort()).toEqual(['draft', 'other']);
	expect(await longestHold(desk)).toBeNull();
});

test('what was taken back is a draft as it was, and never goes out', async () => {
	const { desk, sent, stored } = await setUp();
	const { heldUntil: _, savedAt: __, ...asWritten } = HELD;
	expect(await takeBack(desk, HELD.id)).toMatchObject(asWritten);
	expect((await stored())?.heldUntil).toBeUndefined();
	desk.clock.now += 60_000;
	await sendAllHeld(desk, ACCOUNT, { isAtOnce: true });
	expect(sent).toEqual([]);
});

test('what has gone out cannot be taken back', async () => {
	const { desk } = await setUp();
	await sendHeld(desk, ACCOUNT, HELD.id, { isAtOnce: true });
	expect(await takeBack(desk, HELD.id)).toBeNull();
});

test('what cannot go out is a draft that says why, until its writer has seen it', async () => {
	const problem = { kind: 'blocked-recipient', name: 'Mallory' } as const;
	const { desk, stored } = await setUp({ ok: false, problem });
	desk.clock.now = NOW + 10_000;
	expect((await sendHeld(desk, ACCOUNT, HELD.id))?.ok).toBe(false);
	expect(await stored()).toMatchObject({ subject: 'Roof', heldBack: problem });
	expect((await stored())?.heldUntil).toBeUndefined();
	expect((await acknowledge(desk, HELD.id))?.heldBack).toBeUndefined();
	expect((await stored())?.heldBack).toBeUndefined();
});

test('a clock that was set back keeps nothing for longer than can be chosen', async () => {
	const { desk, sent } = await setUp(SENT, { ...HELD, heldUntil: NOW + 3_600_000 });
	expect((await sendHeld(desk, ACCOUNT, HELD.id))?.ok).toBe(true);
	expect(sent).toHaveLength(1);
});

test('one that fails does not keep the others, and is told of', async () => {
	const other = { ...HELD, id: 'other' };
	const { desk, sent } = await setUp(SENT, { ...HELD, id: 'a bad one' }, other);
	const usual = vi.mocked(send).getMockImplementation();
	vi.mocked(send).mockImplementation(async (...given) => {
		if (given[2].id === 'a bad one') throw new Error('no room');
		return usual?.(...given) ?? SENT;
	});
	await expect(sendAllHeld(desk, ACCOUNT, { isAtOnce: true })).rejects.toThrow('no room');
	expect(sent.map(({ id }) => id)).toEqual(['other']);
});

test('what comes back is newer than what was held, though the clock was set back', async () => {
	const { desk, stored } = await setUp({ ok: false, problem: { kind: 'no-recipient' } });
	const before = await stored();
	desk.clock.now -= 3_600_000;
	await sendHeld(desk, ACCOUNT, HELD.id);
	const back = await stored();
	expect(back?.savedAt).toBeGreaterThan(before?.savedAt ?? Infinity);
	await acknowledge(desk, HELD.id);
	expect((await stored())?.savedAt).toBeGreaterThan(back?.savedAt ?? Infinity);
});
