/** What the screens see of proofs: messages on the record that were exported. */

/** Needs no identity: it works before there is one. */
export interface Proofs {
	/** Asks nobody; adds what this browser knows of the writer's keys. */
	check(file: Blob): Promise<ProofCheck>;
	/**
	 * The same with what the writer's post offices know now, which so learn that somebody asks; null:
	 * none of them answered.
	 */
	ask(file: Blob): Promise<ProofCheck | null>;
	/** Is this the proved file, byte for byte? Rejects where the file cannot be read any more. */
	isSame(file: Blob, proved: ProvedFile): Promise<boolean>;
}

export type ProofCheck =
	/** `damaged`: no proof, or not all of it; `newer`: made by a later version of this program. */
	| { readonly at: 'unreadable'; readonly problem: 'damaged' | 'newer' }
	/** It proves nothing: this part was changed, or never was what it says. */
	| { readonly at: 'invalid'; readonly part: 'message' | 'card' | 'root-record' }
	| { readonly at: 'valid'; readonly proof: CheckedProof };

export interface CheckedProof {
	readonly by: NamedAddress;
	readonly to: readonly NamedAddress[];
	readonly cc: readonly NamedAddress[];
	readonly subject: string;
	/** By its writer's clock. */
	readonly date: number;
	readonly text: string;
	readonly html: string | null;
	readonly attachments: readonly ProvedFile[];
	/** The key that signed, in hex. */
	readonly cardKey: string;
	/** `since`: from then on others may have had it; the message's own date proves nothing then. */
	readonly key:
		| { readonly kind: 'in-force' }
		| { readonly kind: 'replaced' }
		| { readonly kind: 'revoked'; readonly since: number };
	/** Date of the newest of the writer's keys that is known here: what came later is not. */
	readonly knownUntil: number;
}

/** A name that somebody wrote, and the address that it stands for. */
export interface NamedAddress {
	readonly name: string;
	readonly address: string;
}

export interface ProvedFile {
	readonly name: string;
	readonly type: string;
	readonly sizeBytes: number;
	/** In hex. */
	readonly sha256: string;
}
