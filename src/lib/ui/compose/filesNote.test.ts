import { expect, test } from 'vitest';
import type { Contact, Draft } from '../../app/view.ts';
import { filesNote } from './filesNote.ts';

const MB = 1_000_000;
const tom = { text: 'Tom', name: 'Tom', address: 'tom@k', standing: 'reachable' } as const;
const contact = (connection: Contact['connection']): Contact => ({
	...{ name: 'Tom', cardName: 'Tom', address: 'tom@k', isMe: false, badge: 'known', tier: 'known' },
	...{ connection, lastSeen: null, isOrdinary: false, addresses: [] }
});
const file = (mb: number, isReused = false): Draft['attachments'][number] => ({
	...{ id: String(mb), name: 'a', type: '', sizeBytes: mb * MB },
	state: { at: 'ready', isReused }
});
const draft = (...attachments: Draft['attachments']) => ({
	attachments,
	to: [tom],
	cc: [],
	bcc: []
});
const office = { usedBytes: 100 * MB, quotaBytes: 500 * MB };

test('small files, or a relay whose room is not known, need no word', () => {
	expect(filesNote(draft(file(10)), office, [contact('none')])).toBeNull();
	expect(filesNote(draft(file(900)), null, [contact('none')])).toBeNull();
	expect(filesNote(draft(), office, [])).toBeNull();
});

test('much of the room, and somebody is away', () => {
	expect(filesNote(draft(file(150)), office, [contact('none')])).toMatchObject({
		...{ kind: 'waits', away: ['Tom'] }
	});
	expect(filesNote(draft(file(150)), office, [contact('direct')])).toBeNull();
});

test('more than the room', () => {
	const note = { kind: 'beyond', sizeBytes: 450 * MB, freeBytes: 400 * MB };
	expect(filesNote(draft(file(450)), office, [contact('direct')])).toEqual({ ...note, away: [] });
	expect(filesNote(draft(file(450)), office, [contact('none')])?.away).toEqual(['Tom']);
	const full = { usedBytes: 600 * MB, quotaBytes: 500 * MB };
	expect(filesNote(draft(file(1)), full, [])?.freeBytes).toBe(0);
});

test('what stands in the conversation goes out once; a blind copy goes out for itself', () => {
	expect(filesNote(draft(file(450, true)), office, [contact('none')])).toBeNull();
	const blind = { ...draft(file(210)), bcc: [{ ...tom, address: 'ines@k', text: 'Ines' }] };
	expect(filesNote(blind, office, [])?.sizeBytes).toBe(420 * MB);
});
