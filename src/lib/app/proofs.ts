/** Checking proofs, with what this browser knows of their writers' keys, which may be nothing. */

import { createSha256 } from '../crypto/sha.ts';
import { toShownDate } from '../mailbox/dates.ts';
import { toMailAddress } from '../mailbox/people.ts';
import { Unreachable, type Desk } from '../post/ports.ts';
import { checkProof, type Proved, type ProofVerdict } from '../post/proof.ts';
import { toHex } from '../wire/bytes.ts';
import { rootKeyToAddress, type Address } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Said } from '../wire/record.ts';
import { fileSource } from './sealing.ts';
import type { CheckedProof, NamedAddress, ProofCheck, Proofs, ProvedFile } from './view.ts';

/** How long somebody who waits for the answer of a post office is kept waiting. */
const ASK_MS = 10_000;

export class ProofChecker implements Proofs {
	readonly #desk: Promise<Desk>;

	constructor(desk: Promise<Desk>) {
		this.#desk = desk;
	}

	async check(file: Blob): Promise<ProofCheck> {
		const desk = await this.#desk;
		return toCheck(await read(desk, file, (writer) => recordsOf(desk, writer)));
	}

	async ask(file: Blob): Promise<ProofCheck | null> {
		const desk = await this.#desk;
		const verdict = await read(desk, file, async () => []);
		if (verdict.kind !== 'valid') return toCheck(verdict);
		const told = await askOffices(desk, verdict.by, verdict.offices);
		if (told.length === 0) return null;
		const known = await recordsOf(desk, verdict.by);
		return toCheck(await read(desk, file, async () => [...known, ...told]));
	}

	async isSame(file: Blob, { sizeBytes, sha256 }: ProvedFile): Promise<boolean> {
		if (file.size !== sizeBytes) return false;
		const hash = createSha256();
		for await (const piece of fileSource(file).read()) hash.update(piece);
		return toHex(hash.digest()) === sha256;
	}
}

async function read(
	{ suite }: Desk,
	file: Blob,
	records: (writer: Address) => Promise<readonly Uint8Array[]>
): Promise<ProofVerdict> {
	// Whatever was dropped here, a film perhaps: it is not read.
	if (file.size > LIMITS.proofBytes) return { kind: 'unreadable', reason: 'too-large' };
	return checkProof(suite, new Uint8Array(await file.arrayBuffer()), records);
}

/** Root records as these offices give them, unverified; those that do not answer are left out. */
async function askOffices(
	{ offices }: Desk,
	writer: Address,
	urls: readonly string[]
): Promise<readonly Uint8Array[]> {
	const signal = AbortSignal.timeout(ASK_MS);
	const asked = urls.map(async (url) => {
		try {
			const bundle = await offices(url).find(writer, { signal });
			return bundle === null ? [] : [bundle.record];
		} catch (problem) {
			if (problem instanceof Unreachable || signal.aborted) return []; // another one may know
			throw problem;
		}
	});
	return (await Promise.all(asked)).flat();
}

/** Root records of this identity that are here, as signed. */
export async function recordsOf(
	{ store }: Pick<Desk, 'store'>,
	writer: Address
): Promise<readonly Uint8Array[]> {
	const [own, contact] = [await store.get('account', []), await store.get('contact', [writer])];
	const mine = own?.address === writer ? [own.record] : [];
	return contact?.keys === undefined ? mine : [...mine, contact.keys.record];
}

function toCheck(verdict: ProofVerdict): ProofCheck {
	switch (verdict.kind) {
		case 'unreadable': {
			const isNewer = verdict.reason === 'unknown-version';
			return { at: 'unreadable', problem: isNewer ? 'newer' : 'damaged' };
		}
		case 'invalid':
			return { at: 'invalid', part: verdict.part };
		case 'valid':
			return { at: 'valid', proof: toChecked(verdict) };
	}
}

function toChecked({ by, name, said, cardKey, key, knownUntil }: Proved): CheckedProof {
	const { subject, date, text, html, attachments } = said;
	return {
		by: { name, address: toMailAddress(by, name) },
		to: toNamed(said.to),
		cc: toNamed(said.cc),
		...{ subject, date: toShownDate(date), text, html: html ?? null },
		attachments: attachments.map(({ size, sha256, ...file }) => ({
			...file,
			sizeBytes: size,
			sha256: toHex(sha256)
		})),
		cardKey: toHex(cardKey),
		key: key.kind === 'revoked' ? { ...key, since: toShownDate(key.since) } : key,
		knownUntil
	};
}

function toNamed(parties: Said['to']): NamedAddress[] {
	return parties.map(({ root, name }) => ({
		name,
		address: toMailAddress(rootKeyToAddress(root), name)
	}));
}
