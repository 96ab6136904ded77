/** The entries of a parcel on their way in: batch by batch through `receive`, as those of a peer. */

import { cidOfObject } from '../wire/codec.ts';
import { headerDecoder, type EntryBundle } from '../wire/entry.ts';
import { cidToThreadId, type Address, type ThreadId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Account } from './account.ts';
import type { JudgedLetter } from './parcel-letters.ts';
import type { Desk } from './ports.ts';
import { receive } from './receive.ts';
import { countRefusals } from './refusals.ts';

export class TakenEntries {
	readonly #desk: Desk;
	readonly #account: Account;
	readonly #from: Address;
	readonly #letters: ReadonlyMap<ThreadId, JudgedLetter>;
	#batch: EntryBundle[] = [];
	#batchOf: JudgedLetter | null = null;
	#bytes = 0;
	#enclosedBytes = 0;

	constructor(desk: Desk, account: Account, from: Address, letters: readonly JudgedLetter[]) {
		this.#desk = desk;
		this.#account = account;
		this.#from = from;
		this.#letters = new Map(letters.map((letter) => [letter.knock.thread, letter]));
	}

	/** Those of a thread that no letter announces are left out: nobody asked whether they may come. */
	async take({ header, body, wraps }: EntryBundle): Promise<void> {
		const bundle = { header, body, wraps };
		const thread = threadOf(header);
		const letter = thread === null ? undefined : this.#letters.get(thread);
		if (letter === undefined) {
			await countRefusals(this.#desk, [thread === null ? 'wrong-shape' : 'foreign-thread']);
			return;
		}
		if (letter.verdict.kind === 'requests') {
			this.#enclose(letter, bundle);
			return;
		}
		const bytes = sizeOf(bundle);
		const isFull =
			this.#batch.length === LIMITS.batchEntries || this.#bytes + bytes > LIMITS.batchBytes;
		if (isFull || letter !== this.#batchOf) await this.flush();
		this.#batch.push(bundle);
		this.#batchOf = letter;
		this.#bytes += bytes;
	}

	/** A stranger's wait with the request; what is beyond the room for them comes when it is brought again. */
	#enclose({ enclosed }: JudgedLetter, bundle: EntryBundle): void {
		const bytes = this.#enclosedBytes + sizeOf(bundle);
		if (bytes > LIMITS.parcelRequestBytes) return;
		this.#enclosedBytes = bytes;
		enclosed.push(bundle);
	}

	async flush(): Promise<void> {
		const [batch, letter] = [this.#batch, this.#batchOf];
		this.#batch = [];
		this.#bytes = 0;
		this.#batchOf = null;
		if (letter === null || batch.length === 0) return;
		const { makesContact } = letter.knock;
		const admission = { from: this.#from, mayBegin: true, makesContact };
		await receive(this.#desk, this.#account, admission, batch);
	}
}

function threadOf(bytes: Uint8Array): ThreadId | null {
	const header = headerDecoder.decode(bytes);
	return header.ok ? cidToThreadId(header.value.thread ?? cidOfObject(bytes)) : null;
}

function sizeOf({ header, body, wraps }: EntryBundle): number {
	return wraps.reduce((sum, wrap) => sum + wrap.length, header.length + (body?.length ?? 0));
}
