import { expect, test } from 'vitest';
import type { CheckedProof } from '../../app/view.ts';
import { proofHeadline, proofKeySentence } from './sentences.ts';

const now = new Date(2025, 10, 22, 11, 0).getTime();

test('a proof says no more than it proves', () => {
	const proof: CheckedProof = {
		by: { name: 'Mira', address: 'mira@k' },
		...{ to: [], cc: [], subject: '', date: now, text: '', html: null, attachments: [] },
		...{ cardKey: '', key: { kind: 'in-force' }, knownUntil: now }
	};
	const day = 'Saturday, 22 November 2025 at 11:00';
	expect(proofHeadline(proof)).toBe('Valid: signed by Mira');
	expect(proofKeySentence(proof)).toContain('Not revoked, as far as is known here.');
	expect(proofKeySentence(proof)).toContain(day);
	const revoked = { ...proof, key: { kind: 'revoked', since: now } } as const;
	expect(proofHeadline(revoked)).toBe('Signed with a key that was revoked');
	expect(proofKeySentence(revoked)).toContain(`Revoked as of ${day}.`);
	expect(proofKeySentence(revoked)).toContain('not provable');
	const nameless = { ...proof, by: { name: '', address: 'k' } };
	expect(proofHeadline(nameless)).toBe('Valid: signed by this address');
});
