/**
 * `npm run proof -- check FILE [ATTACHMENT…]`: what a proof proves, offline, without an account. With
 * attachments: which of them are the files that were signed.
 *
 * Exit code 0: valid, and each attachment is one of its files. 1: not valid, or another file.
 * 2: unreadable, or wrongly called. 3: rightly signed by a key that was revoked, so that neither date
 * nor writer is provable.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createVerifier } from '../src/lib/crypto/verify.ts';
import { checkProof, filesWith, type Proved, type ProofVerdict } from '../src/lib/post/proof.ts';
import { toHex } from '../src/lib/wire/bytes.ts';
import { formatMailAddress, nameToLocal, rootKeyToAddress } from '../src/lib/wire/ids.ts';
import { LIMITS } from '../src/lib/wire/limits.ts';
import type { Said } from '../src/lib/wire/record.ts';

const EXIT = { valid: 0, invalid: 1, unreadable: 2, revoked: 3 } as const;

const USAGE = 'npm run proof -- check FILE [ATTACHMENT...]';

process.exitCode = await main(process.argv.slice(2));

async function main([verb, file, ...attachments]: readonly string[]): Promise<number> {
	if (verb !== 'check' || file === undefined) {
		console.error(USAGE);
		return EXIT.unreadable;
	}
	try {
		const verdict = await check(fromCaller(file));
		say(linesOf(verdict));
		if (verdict.kind !== 'valid') return EXIT[verdict.kind];
		const areSame = await compareAll(verdict.said, attachments);
		if (!areSame) return EXIT.invalid;
		return verdict.key.kind === 'revoked' ? EXIT.revoked : EXIT.valid;
	} catch (error) {
		console.error(plain(error instanceof Error ? error.message : String(error)));
		return EXIT.unreadable;
	}
}

async function check(file: string): Promise<ProofVerdict> {
	const { size } = await stat(file);
	if (size > LIMITS.proofBytes) return { kind: 'unreadable', reason: 'too-large' };
	return checkProof(await createVerifier(), await readFile(file));
}

function linesOf(verdict: ProofVerdict): string[] {
	switch (verdict.kind) {
		case 'unreadable':
			return [`UNREADABLE: this is no proof, or not all of it (${verdict.reason}).`];
		case 'invalid':
			return [`NOT VALID: ${verdict.part} (${verdict.reason}). The file proves nothing.`];
		case 'valid':
			return linesOfProved(verdict);
	}
}

function linesOfProved({ by, name, said, cardKey, key, knownUntil }: Proved): string[] {
	const isRevoked = key.kind === 'revoked';
	const known = `as far as the file says, whose newest root record is of ${time(knownUntil)}`;
	const html =
		said.html === undefined ? [] : ['', 'The same in HTML, signed too:', ...body(said.html)];
	return [
		isRevoked ? 'KEY REVOKED: rightly signed, date not provable.' : 'VALID.',
		`by:       ${name} <${formatMailAddress({ local: nameToLocal(name), address: by })}>`,
		`card key: ${toHex(cardKey)}`,
		isRevoked
			? `          revoked as of ${time(key.since)}: whoever had it could write any date`
			: `          ${key.kind === 'replaced' ? 'replaced, not revoked' : 'not revoked'}, ${known}`,
		`date:     ${time(said.date)}, by its writer's clock`,
		...partiesOf('to:      ', said.to),
		...partiesOf('cc:      ', said.cc),
		`subject:  ${said.subject}`,
		...said.attachments.map(
			(file) => `file:     ${file.name}, ${String(file.size)} bytes, SHA-256 ${toHex(file.sha256)}`
		),
		'',
		...body(said.text),
		...html
	];
}

function partiesOf(head: string, parties: Said['to']): string[] {
	return parties.map(({ root, name }) => {
		const address = formatMailAddress({
			local: nameToLocal(name),
			address: rootKeyToAddress(root)
		});
		return `${head} ${name} <${address}>`;
	});
}

/** Set in, so that no line of the message looks like one of ours. */
function body(text: string): string[] {
	return text.split('\n').map((line) => `    ${line}`);
}

/** Beyond what a date can be the number itself: any count may stand there. */
function time(ms: number): string {
	const date = new Date(ms);
	return Number.isNaN(date.getTime()) ? `${String(ms)} ms` : date.toISOString();
}

async function compareAll(said: Said, files: readonly string[]): Promise<boolean> {
	let areSame = true;
	for (const file of files) {
		const found = fromCaller(file);
		const { size } = await stat(found);
		const same = filesWith(said, { size, sha256: await hashOf(found) });
		areSame &&= same.length > 0;
		const names = same.map(({ name }) => name).join(', ');
		say([same.length > 0 ? `SAME: ${file} is ${names}.` : `OTHER: ${file} is none of its files.`]);
	}
	return areSame;
}

/** npm runs scripts in the project's folder, and says where it was called. */
function fromCaller(file: string): string {
	return path.resolve(process.env['INIT_CWD'] ?? '', file);
}

async function hashOf(file: string): Promise<Uint8Array> {
	const hash = createHash('sha256');
	for await (const piece of createReadStream(file)) hash.update(piece);
	return hash.digest();
}

function say(lines: readonly string[]): void {
	for (const line of lines) console.log(plain(line));
}

/** A terminal obeys control characters, and direction marks reorder what is read: a stranger wrote it. */
function plain(line: string): string {
	return line.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/gu, '\ufffd');
}
