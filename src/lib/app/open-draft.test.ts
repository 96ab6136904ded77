import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDesk, EMPTY_DRAFT } from '../../../tests/mailbox/records.ts';
import { takeBack } from '../post/held.ts';
import { StorageFull } from '../post/ports.ts';
import type { DraftRecord } from '../post/records.ts';
import { recognise } from './contacts.svelte.ts';
import { OpenDraft } from './open-draft.svelte.ts';
import { toSendProblem } from './send-problem.ts';
import type { SendOutcome } from './view.ts';

const SENT: SendOutcome = { ok: true, threadId: 't', messageId: 'm' };

globalThis.reportError = console.error;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function setUp(record = EMPTY_DRAFT) {
	const desk = createDesk();
	await desk.store.commit([{ table: 'draft', key: [record.id], put: record }]);
	const sent: DraftRecord[] = [];
	const draft = new OpenDraft(record, {
		desk: Promise.resolve(desk),
		recognise: (text) => recognise(null, text),
		course: () => null,
		ends: () => null,
		history: (record) => record.history ?? 'none',
		send: async (written) => {
			sent.push(written);
			return SENT;
		},
		problemOf: async () => null,
		explain: (problem) => toSendProblem(problem, false)
	});
	const stored = () => desk.store.get('draft', [record.id]);
	return { desk, draft, sent, stored };
}

/** Sealing runs on WebCrypto's or noble's own time, not on the clock. */
async function until(isDone: () => boolean) {
	for (let i = 0; i < 1000 && !isDone(); i++) await vi.advanceTimersByTimeAsync(1);
	expect(isDone()).toBe(true);
}

test('a change is stored within a second, and says so', async () => {
	const { draft, stored } = await setUp();
	draft.edit({ subject: 'Ro' });
	await vi.advanceTimersByTimeAsync(500);
	draft.edit({ subject: 'Roof' });
	expect(draft.savedAt).toBeNull();
	await vi.advanceTimersByTimeAsync(500);
	expect((await stored())?.subject).toBe('Roof');
	expect(draft.savedAt).not.toBeNull();
});

test('on the record is part of the draft, and off unless it was chosen', async () => {
	const { draft, sent, stored } = await setUp();
	expect(draft.isOnRecord).toBe(false);
	draft.edit({ isOnRecord: true });
	await draft.flush();
	expect(draft.isOnRecord).toBe(true);
	expect((await stored())?.isOnRecord).toBe(true);
	await draft.send();
	expect(sent[0]?.isOnRecord).toBe(true);
});

test('what is written while it is stored is stored, too', async () => {
	const { desk, draft, stored } = await setUp();
	const { update } = desk.store;
	desk.store.update = async (table, key, decide) => {
		await update(table, key, decide);
		draft.edit({ subject: 'Roof, second offer' });
		desk.store.update = update;
	};
	draft.edit({ subject: 'Roof' });
	await draft.flush();
	expect([(await stored())?.subject, draft.savedAt]).toEqual(['Roof', null]);
	await vi.advanceTimersByTimeAsync(1000);
	expect((await stored())?.subject).toBe('Roof, second offer');
	expect(draft.savedAt).not.toBeNull();
});

test('a draft that another tab has sent is never stored again', async () => {
	const { desk, draft, stored } = await setUp();
	draft.edit({ subject: 'Roof' });
	await desk.store.commit([{ table: 'draft', key: ['draft'], remove: true }]);
	await draft.flush();
	expect(await stored()).toBeNull();
	expect(draft.isGone).toBe(true);
	draft.edit({ subject: 'again' });
	await vi.advanceTimersByTimeAsync(1000);
	expect(await stored()).toBeNull();
});

test('on a full disk the text stays on screen as not saved, and is stored when there is room', async () => {
	const { desk, draft, stored } = await setUp();
	vi.spyOn(desk.store, 'update').mockRejectedValueOnce(new StorageFull('full'));
	draft.edit({ subject: 'Roof' });
	await draft.flush();
	expect([draft.savedAt, draft.subject]).toEqual([null, 'Roof']);
	draft.edit({ text: 'more' });
	await vi.advanceTimersByTimeAsync(1000);
	expect((await stored())?.subject).toBe('Roof');
});

test('what found no room is stored later, with nobody typing', async () => {
	const { desk, draft, stored } = await setUp();
	vi.spyOn(desk.store, 'update').mockRejectedValueOnce(new StorageFull('full'));
	draft.edit({ subject: 'Roof' });
	await draft.flush();
	await vi.advanceTimersByTimeAsync(5_000);
	expect((await stored())?.subject).toBe('Roof');
	expect(draft.savedAt).not.toBeNull();
});

test('another tab’s text is taken over, unless there is news of our own', async () => {
	const { draft } = await setUp();
	draft.adopt({ ...EMPTY_DRAFT, subject: 'theirs', savedAt: 2 });
	expect(draft.subject).toBe('theirs');
	draft.edit({ subject: 'ours' });
	draft.adopt({ ...EMPTY_DRAFT, subject: 'theirs again', savedAt: 3 });
	expect(draft.subject).toBe('ours');
});

test('files are sealed one after the other, and then it can be sent', async () => {
	const { draft, sent, stored } = await setUp();
	draft.addFiles([new File([new Uint8Array(300_000)], 'a.bin'), new File(['b'], 'b.txt')]);
	await vi.advanceTimersByTimeAsync(0);
	expect(draft.attachments.map(({ name }) => name)).toEqual(['a.bin', 'b.txt']);
	expect(await draft.send()).toEqual({
		ok: false,
		problem: { kind: 'attachment-not-ready', name: 'a.bin' }
	});
	await until(() => draft.attachments.every(({ state }) => state.at === 'ready'));
	expect(await draft.send()).toEqual(SENT);
	expect(sent[0]?.files.map(({ sealed }) => sealed?.sha256.length)).toEqual([32, 32]);
	expect((await stored())?.files).toHaveLength(2);
});

test('a removed file is gone, whether it was being sealed or sealed', async () => {
	const { draft, stored } = await setUp();
	draft.addFiles([new File([new Uint8Array(300_000)], 'a.bin'), new File(['b'], 'b.txt')]);
	await vi.advanceTimersByTimeAsync(0);
	draft.removeFile(draft.attachments[0]?.id ?? '');
	await until(() => draft.attachments[0]?.state.at === 'ready');
	draft.removeFile(draft.attachments[0]?.id ?? '');
	await vi.advanceTimersByTimeAsync(1000);
	expect((await stored())?.files).toEqual([]);
});

test('a file whose tab was killed while it was sealed says that it has to be added again', async () => {
	const file = { id: 'f', name: 'a.bin', type: '', size: 3 };
	const { draft } = await setUp({ ...EMPTY_DRAFT, files: [file] });
	expect(draft.attachments[0]?.state).toEqual({ at: 'failed', problem: 'vanished' });
	expect(await draft.send()).toMatchObject({ problem: { kind: 'attachment-failed' } });
});

test('a key ring that was away once holds up no later save', async () => {
	const { desk, draft, stored } = await setUp();
	draft.edit({ subject: 'Roof', ends: { after: 3_600_000 } });
	await draft.flush();
	desk.ring.isAway = true;
	draft.edit({ subject: 'Roof 2' });
	await draft.flush();
	desk.ring.isAway = false;
	draft.edit({ subject: 'Roof 3' });
	await draft.flush();
	expect((await stored())?.subject).toBe('Roof 3');
});

test('what is held is stored as it was when Send was pressed, and comes back with what followed', async () => {
	const { desk, draft, stored } = await setUp();
	draft.edit({ subject: 'Roof' });
	expect(await draft.hold(10_000)).toEqual({ ok: true });
	expect(await stored()).toMatchObject({ subject: 'Roof', heldUntil: desk.now() + 10_000 });
	expect(draft.heldUntil).toBe(desk.now() + 10_000);
	draft.edit({ subject: 'Roof, typed too late' });
	await vi.advanceTimersByTimeAsync(6_000);
	expect((await stored())?.subject).toBe('Roof');
	desk.clock.now += 1;
	const back = await takeBack(desk, draft.id);
	if (back === null) throw new Error('it is here');
	draft.comeBack(back);
	await draft.flush();
	expect(draft.heldUntil).toBeNull();
	expect((await stored())?.subject).toBe('Roof, typed too late');
	expect((await stored())?.heldUntil).toBeUndefined();
});

test('another tab that sends it is not overwritten by what this one saves', async () => {
	const { desk, draft, stored } = await setUp();
	draft.edit({ subject: 'here' });
	const held = { ...EMPTY_DRAFT, subject: 'there', heldUntil: desk.now() + 10_000 };
	await desk.store.commit([{ table: 'draft', key: ['draft'], put: held }]);
	await draft.flush();
	expect((await stored())?.subject).toBe('there');
	expect(draft.savedAt).toBeNull();
	await desk.store.commit([{ table: 'draft', key: ['draft'], put: EMPTY_DRAFT }]);
	await vi.advanceTimersByTimeAsync(5_000);
	expect((await stored())?.subject).toBe('here');
});

test('what stops it is said before it is held, and it stays a draft', async () => {
	const { draft, stored } = await setUp({ ...EMPTY_DRAFT, heldBack: { kind: 'no-recipient' } });
	draft.addFiles([new File(['x'], 'a.txt')]);
	await vi.advanceTimersByTimeAsync(0);
	expect(draft.heldBack).toBeNull(); // it was changed
	expect((await draft.hold(10_000)).ok).toBe(false);
	expect((await stored())?.heldUntil).toBeUndefined();
	await until(() => draft.attachments[0]?.state.at === 'ready');
	expect((await draft.hold(10_000)).ok).toBe(true);
});

test('what could not go out says why, though something was typed too late', async () => {
	const { desk, draft, stored } = await setUp();
	await draft.hold(10_000);
	draft.edit({ text: 'typed too late' });
	const row = await stored();
	if (row === null) throw new Error('it is here');
	const { heldUntil: _, ...rest } = row;
	const heldBack = { kind: 'blocked-recipient', name: 'Mallory' } as const;
	const back = { ...rest, heldBack, savedAt: row.savedAt + 1 };
	await desk.store.commit([{ table: 'draft', key: ['draft'], put: back }]);
	draft.adopt(back);
	await draft.flush();
	expect(draft.heldBack).toEqual(heldBack);
	expect(await stored()).toMatchObject({ text: 'typed too late', heldBack });
});

test('held here and in another tab: what goes out is theirs, and ours stays for Undo', async () => {
	const { desk, draft, stored } = await setUp();
	const theirs = { ...EMPTY_DRAFT, subject: 'theirs', heldUntil: desk.now() + 10_000 };
	await desk.store.commit([{ table: 'draft', key: ['draft'], put: theirs }]);
	draft.edit({ subject: 'ours' });
	expect(await draft.hold(10_000)).toEqual({ ok: true });
	expect((await stored())?.subject).toBe('theirs');
	const back = await takeBack(desk, 'draft');
	if (back === null) throw new Error('it is here');
	draft.comeBack(back);
	await draft.flush();
	expect((await stored())?.subject).toBe('ours');
});
