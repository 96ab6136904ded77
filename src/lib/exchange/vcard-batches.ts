/** Files of vCards as people, some at a time. Reading them twice gives the same, in the same order. */

import { cutCards } from './vcard-cut.ts';
import { VCARD_LIMITS } from './vcard-limits.ts';
import { readCard, type ReadCard } from './vcard-read.ts';

export interface CardBatch {
	readonly cards: readonly ReadCard[];
	/** Cards that are too large, or say of nobody who they are. */
	readonly unreadable: number;
	/** Cards beyond what is read of people. */
	readonly tooMany: number;
	/** Of all files, so far. */
	readonly bytes: number;
}

/** Enough to be quick, few enough to show how it goes on. */
const CARDS = 200;
/** What a worker and its page hold of pictures at one time. */
const PHOTO_BYTES = 8 * 1024 * 1024;
/** At the latest a batch is given so often, also of a file without cards. */
const READ_BYTES = 4 * 1024 * 1024;
const SLICE_BYTES = 256 * 1024;

export async function* readCardBatches(
	files: readonly Blob[],
	takesPhotos: boolean
): AsyncGenerator<CardBatch> {
	const meter = { bytes: 0 };
	let [people, characters] = [0, 0];
	let batch = new Filling();
	for (const file of files) {
		for await (const lines of cutCards(slicesOf(file, meter))) {
			const card = lines === null ? null : readCard(lines, takesPhotos);
			if (card === null) batch.unreadable++;
			else {
				people++;
				characters += sizeOf(card);
				const isMore = people > VCARD_LIMITS.cards || characters > VCARD_LIMITS.characters;
				if (isMore) batch.tooMany++;
				else batch.add(card);
			}
			if (!batch.isFull(meter.bytes)) continue;
			yield batch.take(meter.bytes);
			batch = new Filling(meter.bytes);
		}
	}
	yield batch.take(meter.bytes);
}

function sizeOf({ name, notes, facts, addresses, groups, members }: ReadCard): number {
	const texts = [
		name,
		notes,
		...addresses,
		...groups,
		...members,
		...facts.map(({ text }) => text)
	];
	return texts.reduce((sum, text) => sum + text.length, 0);
}

async function* slicesOf(file: Blob, meter: { bytes: number }): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < file.size; at += SLICE_BYTES) {
		const slice = new Uint8Array(await file.slice(at, at + SLICE_BYTES).arrayBuffer());
		meter.bytes += slice.length;
		yield slice;
	}
}

class Filling {
	readonly #cards: ReadCard[] = [];
	readonly #from: number;
	#photoBytes = 0;
	unreadable = 0;
	tooMany = 0;

	constructor(from = 0) {
		this.#from = from;
	}

	isFull(readBytes: number): boolean {
		return (
			this.#cards.length >= CARDS ||
			this.#photoBytes >= PHOTO_BYTES ||
			readBytes - this.#from >= READ_BYTES
		);
	}

	add(card: ReadCard): void {
		this.#cards.push(card);
		this.#photoBytes += card.photo?.length ?? 0;
	}

	take(bytes: number): CardBatch {
		return { cards: this.#cards, unreadable: this.unreadable, tooMany: this.tooMany, bytes };
	}
}
