import { beforeEach, expect, test, vi } from 'vitest';
import { addressOf, createDesk, EMPTY_DRAFT, threadIdOf } from '../../../tests/mailbox/records.ts';
import type { Account } from '../post/account.ts';
import { send, sendRemembered, type SendOutcome as PostOutcome } from '../post/send.ts';
import { parseMessageId, parseThreadId } from '../wire/ids.ts';
import { postDraft } from './posting.ts';

vi.mock('../post/send.ts');

async function setUp(outcome: PostOutcome) {
	const desk = createDesk();
	await desk.store.commit([{ table: 'draft', key: [EMPTY_DRAFT.id], put: EMPTY_DRAFT }]);
	const written: string[] = [];
	vi.mocked(sendRemembered).mockResolvedValue(null);
	vi.mocked(send).mockImplementation(async (_desk, _account, { id }, options) => {
		if (outcome.ok) await desk.store.commit([{ table: 'draft', key: [id], remove: true }]);
		if (outcome.ok) options?.onWritten?.(outcome.written);
		return outcome;
	});
	const ports = {
		desk: Promise.resolve(desk),
		account: Promise.resolve({} as Account),
		inviteUrl: async () => 'https://mail.example/#i=x',
		isOffline: () => true,
		onWritten: () => written.push('written')
	};
	return { ports, written };
}

const thread = parseThreadId(threadIdOf('roof'));
const message = parseMessageId('00'.repeat(16));
if (thread === null || message === null) throw new Error('these are ids');

beforeEach(() => void vi.mocked(send).mockReset());

test('what is written is told at once, and a second tab sends nothing', async () => {
	const { ports, written } = await setUp({
		ok: true,
		threadId: thread,
		messageId: message,
		written: []
	});
	expect((await postDraft(ports, EMPTY_DRAFT)).ok).toBe(true);
	expect(written).toEqual(['written']);
	expect((await postDraft(ports, EMPTY_DRAFT)).ok).toBe(false);
	expect(vi.mocked(send)).toHaveBeenCalledTimes(1);
	expect(written).toEqual(['written']);
});

test('problems come with what the reader can do', async () => {
	const ordinary = { kind: 'ordinary-address', address: 'tom@example.org' } as const;
	const first = await setUp({ ok: false, problem: ordinary });
	expect(await postDraft(first.ports, EMPTY_DRAFT)).toEqual({
		ok: false,
		problem: { ...ordinary, inviteUrl: 'https://mail.example/#i=x' }
	});
	const unknown = { kind: 'unknown-address', address: addressOf('bob') } as const;
	const second = await setUp({ ok: false, problem: unknown });
	expect(await postDraft(second.ports, EMPTY_DRAFT)).toEqual({
		ok: false,
		problem: { ...unknown, address: `mail@${addressOf('bob')}.ipns`, isOffline: true }
	});
	expect(second.written).toEqual([]);
});
