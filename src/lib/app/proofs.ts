/** Checking proofs, with what this browser knows of their writers' keys, which may be nothing. */

import { createSha256 } from '../crypto/sha.ts';
import { toShownDate } from '../mailbox/dates.ts';
import { toMailAddress } from '../mailbox/people.ts';
import type { Desk } from '../post/ports.ts';
import { checkProof, type Proved, type ProofVerdict } from '../post/proof.ts';
import { toHex } from '../wire/bytes.ts';
import { rootKeyToAddress, type Address } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Said } from '../wire/record.ts';
import { fileSource } from './sealing.ts';
import type { CheckedProof, NamedAddress, ProofCheck, Proofs, ProvedFile } from './view.ts';

export class ProofChecker implements Proofs {
	readonly #desk: Promise<Desk>;

	constructor(desk: Promise<Desk>) {
		this.#desk = desk;
	}

	async check(file: Blob): Promise<ProofCheck> {
		// Whatever was dropped here, a film perhaps: it is not read.
		if (file.size > LIMITS.proofBytes) return { at: 'unreadable', problem: 'damaged' };
		const desk = await this.#desk;
		const bytes = new Uint8Array(await file.arrayBuffer());
		return toCheck(await checkProof(desk.suite, bytes, (writer) => recordsOf(desk, writer)));
	}

	async isSame(file: Blob, { sizeBytes, sha256 }: ProvedFile): Promise<boolean> {
		if (file.size !== sizeBytes) return false;
		const hash = createSha256();
		for await (const piece of fileSource(file).read()) hash.update(piece);
		return toHex(hash.digest()) === sha256;
	}
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
