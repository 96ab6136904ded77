/** `npm run proof`: what it says, and the exit code on which others build. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRootRecord } from '../../src/lib/identity/root.ts';
import { makeProof } from '../../src/lib/post/proof.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { signOnRecord } from '../../src/lib/threads/on-record.ts';
import { utf8 } from '../../src/lib/wire/bytes.ts';
import { cidOfRaw } from '../../src/lib/wire/codec.ts';
import { cidToThreadId } from '../../src/lib/wire/ids.ts';
import type { Mail } from '../../src/lib/wire/mail.ts';
import { mail, START_MS, World } from '../threads/actors.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SCRIPT = path.join(ROOT, 'scripts/proof.ts');

let folder = '';
beforeAll(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'defms-proof-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const world = new World(nobleSuite);
const alice = await world.person('Alice');
const thread = cidOfRaw(utf8('a thread'));
const lease = utf8('The lease');
const attachment = {
	...{ name: 'lease.txt', type: 'text/plain', size: lease.length },
	sha256: cidOfRaw(lease).multihash.digest,
	...{ key: new Uint8Array(32), manifest: thread }
};

async function prove(fields: Partial<Mail> = {}, known: readonly Uint8Array[] = []) {
	const said = { ...mail(alice, 'I take the flat.'), attachments: [attachment], ...fields };
	const sig = await signOnRecord(alice.cardKey, thread, said);
	const testimony = { sig, record: alice.record, card: alice.card };
	const proof = makeProof({ thread: cidToThreadId(thread), mail: said, testimony }, known);
	return proof ?? new Uint8Array();
}

function run(args: readonly string[], cwd = folder): Promise<{ code: number; text: string }> {
	const env = { ...process.env, INIT_CWD: cwd };
	return new Promise((resolve) => {
		const child = execFile(
			process.execPath,
			[SCRIPT, ...args],
			{ cwd: ROOT, env },
			(_, out, errors) => resolve({ code: child.exitCode ?? -1, text: out + errors })
		);
	});
}

async function check(proof: Uint8Array, ...attachments: readonly string[]) {
	await writeFile(path.join(folder, 'proof'), proof);
	return run(['check', 'proof', ...attachments]);
}

describe('npm run proof', () => {
	test('0: says by whom, under which key, when, what, and which files', async () => {
		await writeFile(path.join(folder, 'mine.txt'), lease);
		const { code, text } = await check(await prove(), 'mine.txt');
		expect(text).toMatch(/^VALID\.$/m);
		expect(text).toMatch(/^by: {7}Alice <alice@k51\w+\.ipns>$/m);
		expect(text).toContain(`card key: ${Buffer.from(alice.cardKey.publicKey).toString('hex')}`);
		expect(text).toContain('not revoked, as far as the file says');
		expect(text).toContain(new Date(START_MS).toISOString());
		expect(text).toContain('    I take the flat.');
		expect(text).toContain('file:     lease.txt, 9 bytes, SHA-256 ');
		expect(text).toContain('SAME: mine.txt is lease.txt.');
		expect(code).toBe(0);
	});

	test('1: a changed message, or another file', async () => {
		const proof = await prove();
		const at = Buffer.from(proof).indexOf('I take');
		proof[at] = 'U'.charCodeAt(0);
		const changed = await check(proof);
		expect([changed.code, changed.text]).toEqual([
			1,
			'NOT VALID: message (wrong-signature). The file proves nothing.\n'
		]);
		await writeFile(path.join(folder, 'other.txt'), 'The leash');
		const other = await check(await prove(), 'other.txt');
		expect(other.text).toContain('OTHER: other.txt is none of its files.');
		expect(other.code).toBe(1);
	});

	test('2: no proof, no file, or wrongly called', async () => {
		expect(await check(utf8('nothing'))).toMatchObject({ code: 2 });
		expect(await check(new Uint8Array(1_000_000))).toMatchObject({ code: 2 });
		expect(await run(['check', 'nowhere'])).toMatchObject({ code: 2 });
		for (const args of [[], ['check'], ['make', 'proof']]) {
			const { code, text } = await run(args);
			expect([code, text]).toEqual([2, 'npm run proof -- check FILE [ATTACHMENT...]\n']);
		}
	});

	test('3: a revoked key, whatever the date', async () => {
		const revoked = [{ key: alice.cardKey.publicKey, since: START_MS + 1 }];
		const { publicKey: card } = await world.suite.signer(world.secret());
		const fields = { seq: START_MS + 5_000, card, revoked };
		const record = await createRootRecord(world.suite, alice.rootKey, fields);
		const { code, text } = await check(await prove({}, [record]));
		expect(text).toContain('KEY REVOKED: rightly signed, date not provable.');
		expect(text).toContain(`revoked as of ${new Date(START_MS + 1).toISOString()}`);
		expect(code).toBe(3);
	});

	test('what a stranger wrote cannot command the terminal, nor pass for our lines', async () => {
		const said = { subject: 'Lease\u001b[2J\u202e', text: 'Yes.\nVALID.', date: 2 ** 53 - 1 };
		const { code, text } = await check(await prove(said));
		expect(text).not.toMatch(/[\u001b\u202e]/);
		expect(text.match(/^VALID\.$/gm)).toHaveLength(1);
		expect(text).toContain('date:     9007199254740991 ms');
		expect(code).toBe(0);
	});
});
