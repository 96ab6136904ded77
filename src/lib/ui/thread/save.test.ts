import { expect, test } from 'vitest';
import { proofName, safeFileName } from './save.ts';

test('a proof is named by its subject, as far as every system takes it', () => {
	expect(proofName('Lease')).toBe('Lease.defms-proof');
	expect(proofName('  Roof: "offer"\t<2>?\n')).toBe('Roof offer 2.defms-proof');
	expect(proofName('')).toBe('Message.defms-proof');
	expect(proofName('x'.repeat(998))).toBe(`${'x'.repeat(60)}.defms-proof`);
	expect(safeFileName(proofName('../\u202egpj.exe'))).toBe('gpj.exe.defms-proof');
});
