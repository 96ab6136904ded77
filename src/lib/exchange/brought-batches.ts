/** Mails of a source as they are handed to storage: some at a time, each batch with the place after it. */

import { prepare, type Brought } from './brought.ts';
import { readSource, type Position, type SourceFile } from './mail-source.ts';

export interface Batch {
	readonly mails: readonly Brought[];
	readonly position: Position;
	/** Names of files that hold no mail, and of those that are damaged. */
	readonly others: readonly string[];
	readonly damaged: readonly string[];
}

/** One transaction: enough to be quick, few enough to show how it goes on. */
const MAILS = 100;
/** What a worker and its page hold of them at one time. */
const BYTES = 8 * 1024 * 1024;

export async function* readBatches(
	files: readonly SourceFile[],
	from: Position
): AsyncGenerator<Batch> {
	let batch = new Filling(from);
	for await (const found of readSource(files, from)) {
		const { position, path } = found;
		if (found.kind === 'mail') batch.add(await prepare(found), position);
		else batch.note(found.kind, path, position);
		if (!batch.isFull) continue;
		yield batch.take();
		batch = new Filling(position);
	}
	yield batch.take();
}

class Filling {
	readonly #mails: Brought[] = [];
	readonly #others: string[] = [];
	readonly #damaged: string[] = [];
	#position: Position;
	#bytes = 0;

	constructor(position: Position) {
		this.#position = position;
	}

	get isFull(): boolean {
		return this.#mails.length >= MAILS || this.#bytes >= BYTES;
	}

	add(mail: Brought, position: Position): void {
		this.#mails.push(mail);
		this.#position = position;
		this.#bytes += mail.original.kind === 'bytes' ? mail.original.size : 0;
	}

	note(kind: 'other' | 'damaged', path: string, position: Position): void {
		(kind === 'other' ? this.#others : this.#damaged).push(path);
		this.#position = position;
	}

	take(): Batch {
		const [mails, position] = [this.#mails, this.#position];
		return { mails, position, others: this.#others, damaged: this.#damaged };
	}
}
