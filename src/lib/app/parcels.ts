/** Parcels as the screens know them: files in and out, and the codes that stand for small ones. */

import { toPerson } from '../mailbox/people.ts';
import type { Account } from '../post/account.ts';
import { packParcel, planParcel, type PlanOutcome } from '../post/parcel-pack.ts';
import { takeParcel, type TakeOutcome } from '../post/parcel-take.ts';
import { StorageFull, type Desk } from '../post/ports.ts';
import { toHex } from '../wire/bytes.ts';
import { parseMailAddress, type Address } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { cutIntoCodes, isNewCode, joinCodes, readCode, type Code } from '../wire/parcel-codes.ts';
import type { Parts } from './parts.ts';
import { fileSource, SourceGone } from './sealing.ts';
import type { Shelf } from './shelf.svelte.ts';
import type {
	CodeReader,
	CodeReading,
	PackOutcome,
	ParcelOptions,
	Parcels,
	ParcelSurvey,
	TakenParcel
} from './view-parcels.ts';

/** Gathered in pieces of this size, which the browser may lay on disk: 16 MiB. */
const PIECE_BYTES = 16 * 1024 * 1024;
const CODES_BYTES = LIMITS.parcelCodes * LIMITS.parcelCodeBytes;
const TYPE = 'application/octet-stream';

export class ParcelDesk implements Parcels {
	readonly #desk: Promise<Desk>;
	readonly #account: Promise<Account>;
	readonly #shelf: Shelf;

	constructor({ desk, account, shelf }: Parts) {
		this.#desk = desk;
		this.#account = account;
		this.#shelf = shelf;
	}

	async survey(address: string): Promise<ParcelSurvey> {
		const planned = await this.#plan(address);
		if (!planned.ok) return planned;
		const { messages, files, changes, words, sizeBytes, isPart } = planned.plan;
		const confirmations = words.filter(({ state }) => state === 'delivered').length;
		const fitsCodes = files === 0 && sizeBytes <= CODES_BYTES;
		const counts = { messages, files, changes, confirmations };
		return { ok: true, ...counts, sizeBytes, fitsCodes, isPart };
	}

	async pack(address: string, { signal, onProgress }: ParcelOptions): Promise<PackOutcome> {
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		const planned = await this.#plan(address);
		if (!planned.ok) return planned;
		const { sizeBytes } = planned.plan;
		try {
			const pieces = packParcel(desk, account, planned.plan, {
				signal,
				onProgress: (bytes) => onProgress(Math.min(1, bytes / sizeBytes))
			});
			const parcel = await toBlob(pieces);
			return { ok: true, parcel, name: await nameOf(parcel) };
		} catch (error) {
			if (signal.aborted) return { ok: false, problem: 'cancelled' };
			throw error;
		}
	}

	async toCodes(parcel: Blob): Promise<readonly string[] | null> {
		if (parcel.size > CODES_BYTES) return null;
		return cutIntoCodes(new Uint8Array(await parcel.arrayBuffer()));
	}

	readCodes(): CodeReader {
		return new Codes();
	}

	async take(file: Blob, { signal, onProgress }: ParcelOptions): Promise<TakenParcel> {
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		try {
			const outcome = await takeParcel(desk, account, fileSource(file).read(), {
				signal,
				onProgress: (bytes) => onProgress(Math.min(1, bytes / Math.max(1, file.size)))
			});
			if (!outcome.ok) return outcome;
			const { mail, contacts, requests } = this.#shelf;
			await Promise.all([mail.refresh(), contacts.refresh(), requests.refresh()]);
			return this.#toTaken(outcome);
		} catch (error) {
			if (signal.aborted) return { ok: false, problem: 'cancelled' };
			if (error instanceof StorageFull) return { ok: false, problem: 'storage-full' };
			if (error instanceof SourceGone) return { ok: false, problem: 'unreadable' };
			throw error;
		}
	}

	async #plan(address: string): Promise<PlanOutcome> {
		const [desk, account] = await Promise.all([this.#desk, this.#account]);
		return planParcel(desk, account, toAddress(address));
	}

	#toTaken(taken: Extract<TakeOutcome, { ok: true }>): TakenParcel {
		const { people } = this.#shelf;
		if (people === null) throw new Error('the shelf was read anew');
		const { confirmed, requests, hasLeftFiles, incomplete, refused, isWhole, messages } = taken;
		return {
			...{ ok: true, confirmed, requests, hasLeftFiles, incomplete, isWhole },
			from: toPerson(people, taken.from, taken.name),
			messages: messages.length,
			threadId: messages.at(-1)?.thread ?? null,
			refused: refused.length
		};
	}
}

class Codes implements CodeReader {
	#codes: readonly Code[] = [];

	read(text: string): CodeReading {
		const code = readCode(text);
		if (code === null) return { at: 'other' };
		const [first] = this.#codes;
		const isOfThisRun = first === undefined || first.run === code.run;
		if (!isOfThisRun) this.#codes = [code];
		else if (isNewCode(this.#codes, code)) this.#codes = [...this.#codes, code];
		const parcel = joinCodes(this.#codes);
		if (parcel !== null) {
			return { at: 'whole', parcel: new Blob([Uint8Array.from(parcel)], { type: TYPE }) };
		}
		return { at: 'reading', seen: this.#codes.map(({ index }) => index), count: code.count };
	}
}

async function toBlob(pieces: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<Blob> {
	const blobs: Blob[] = [];
	let parts: Uint8Array<ArrayBuffer>[] = [];
	let size = 0;
	for await (const piece of pieces) {
		parts.push(piece);
		size += piece.length;
		if (size < PIECE_BYTES) continue;
		blobs.push(new Blob(parts));
		parts = [];
		size = 0;
	}
	return new Blob([...blobs, ...parts], { type: TYPE });
}

/** Tells parcels apart, and nothing of whom one is for: its first bytes are a hash. */
async function nameOf(parcel: Blob): Promise<string> {
	const start = new Uint8Array(await parcel.slice(0, 8).arrayBuffer());
	return `parcel-${toHex(start.subarray(6, 8))}.defms`;
}

/** The screens hand back what they were given. */
function toAddress(text: string): Address {
	const parsed = parseMailAddress(text);
	if (parsed === null) throw new TypeError('this address did not come from the app');
	return parsed.address;
}
