import { expect, test } from 'vitest';
import { playerOf, proofName, safeFileName } from './save.ts';

test('a proof is named by its subject, as far as every system takes it', () => {
	expect(proofName('Lease')).toBe('Lease.defms-proof');
	expect(proofName('  Roof: "offer"\t<2>?\n')).toBe('Roof offer 2.defms-proof');
	expect(proofName('')).toBe('Message.defms-proof');
	expect(proofName('x'.repeat(998))).toBe(`${'x'.repeat(60)}.defms-proof`);
	expect(safeFileName(proofName('../\u202egpj.exe'))).toBe('gpj.exe.defms-proof');
});

test.each([
	[' ..', 'file'],
	[' .', 'file'],
	['. . ', 'file'],
	['', 'file'],
	[' .bashrc', 'bashrc'],
	['.\u202e. .bashrc', 'bashrc'],
	['invoice\u061cgpj.exe', 'invoicegpj.exe'],
	['a.tar.gz', 'a.tar.gz']
])('the name %j is shown and saved as %j', (name, safe) => {
	expect(safeFileName(name)).toBe(safe);
});

test('a playlist is given to no player: it would ask whom its writer names', () => {
	expect(playerOf('audio/x-mpegurl')).toBeNull();
	expect(playerOf('video/vnd.mpegurl')).toBeNull();
});
