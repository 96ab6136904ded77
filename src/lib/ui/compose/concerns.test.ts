import { expect, test } from 'vitest';
import type { Draft } from '../../app/view.ts';
import { saysAttached } from './attachedWords.ts';
import { concernsOf } from './concerns.ts';

const tom = { text: 'Tom', name: 'Tom', address: 'tom@k', standing: 'reachable' } as const;
const file: Draft['attachments'][number] = {
	...{ id: '1', name: 'a.pdf', type: '', sizeBytes: 1 },
	state: { at: 'ready' }
};
const WRITTEN: Parameters<typeof concernsOf>[0] = {
	...{ subject: 'Roof', text: 'Hello', signature: '', attachments: [], origin: 'new' as const },
	...{ to: [tom], cc: [], bcc: [] }
};

test.each([
	'Please see the attached offer.',
	'Attachments below',
	'anbei die Rechnung',
	'Im Anhang findest du',
	'das angehängte Bild',
	'Vous trouverez ci-joint',
	'en pièce jointe',
	'Adjunto la factura',
	'请看附件',
	'تجد الملف المرفق'
])('a file is spoken of: %s', (text) => {
	expect(saysAttached(text)).toBe(true);
	expect(concernsOf({ ...WRITTEN, text })).toEqual(['no-file']);
	expect(concernsOf({ ...WRITTEN, text, attachments: [file] })).toEqual([]);
});

test.each([
	'an attaché came',
	'Anhanger',
	'I like the joint',
	'reattachedly',
	'附近',
	'an der Anlagentür'
])('no file is spoken of: %s', (text) => {
	expect(saysAttached(text)).toBe(false);
});

test('not what others said, nor a signature, nor what is forwarded', () => {
	const signature = '-- \nattached to Kiel';
	for (const text of ['Yes.\n> see attached', 'Yes.\n-- \nattached to Kiel', '> attached\nYes.']) {
		expect(concernsOf({ ...WRITTEN, text, signature })).toEqual([]);
	}
	const below = `${signature}\n\nI attach it.`;
	expect(concernsOf({ ...WRITTEN, text: below, signature })).toEqual(['no-file']);
	const text = 'Look.\n\nForwarded message\nFrom: Tom\n\n> attached';
	expect(concernsOf({ ...WRITTEN, origin: 'forward', text })).toEqual([]);
	expect(concernsOf({ ...WRITTEN, origin: 'reply', subject: 'Re: attached' })).toEqual([]);
});

test('no subject, no text; and nobody first', () => {
	expect(
		concernsOf({ ...WRITTEN, subject: ' ', text: '-- \nMira', signature: '-- \nMira' })
	).toEqual(['no-subject', 'no-text']);
	expect(concernsOf({ ...WRITTEN, text: '', attachments: [file] })).toEqual([]);
	expect(concernsOf({ ...WRITTEN, subject: '', text: '', to: [] })).toEqual([]);
	// A line to somebody needs no title.
	expect(concernsOf({ ...WRITTEN, subject: '' })).toEqual([]);
	expect(concernsOf({ ...WRITTEN, subject: '', text: '', origin: 'reply' })).toEqual(['no-text']);
});
