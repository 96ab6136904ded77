import type { LabelRecord } from '../mailbox/labels.ts';
import type { People } from '../mailbox/people.ts';
import { readNewest } from '../mailbox/recent.ts';
import { toThread, type FileState } from '../mailbox/thread-view.ts';
import type { FileProgress } from '../post/collect.ts';
import { RECENT_MESSAGES } from '../post/digest.ts';
import type { Desk } from '../post/ports.ts';
import type { KnockRecord, MessageRecord, ThreadRecord } from '../post/records.ts';
import { cidToBlockId, type ThreadId } from '../wire/ids.ts';
import { factsOf, fileKey, measureFiles, NO_FILES, withFile } from './file-states.ts';
import { Live } from './live.svelte.ts';
import type { BringOutcome, Lookup, Thread } from './view.ts';

interface Reading {
	readonly record: ThreadRecord | null;
	readonly messages: readonly MessageRecord[];
	readonly isWhole: boolean;
	/** Notices whose message or files are still to be fetched. */
	readonly knocks: readonly KnockRecord[];
}

/** As many more each time they are asked for. */
const EARLIER_MESSAGES = 200;

const NOTHING = { messages: [], isWhole: true };

/** One thread with its texts, as long as somebody may look at it. */
export class OpenThread {
	readonly #desk: Promise<Desk>;
	readonly #reading: Live<Reading>;
	#files = $state.raw(NO_FILES);
	#limit = RECENT_MESSAGES;

	constructor(desk: Promise<Desk>, id: ThreadId) {
		this.#desk = desk;
		this.#reading = new Live(desk, ['thread', 'message', 'knock'], async ({ store }) => {
			const record = await store.get('thread', [id]);
			const { messages, isWhole } =
				record === null ? NOTHING : await readNewest(store, record, this.#limit);
			const knocks = (await store.list('knock')).filter(
				({ thread, wait }) => thread === id && wait === 'fetch'
			);
			const reading = { record, messages, isWhole, knocks };
			await this.#measureAll(reading);
			return reading;
		});
	}

	lookUp(people: People | null, labels: readonly LabelRecord[]): Lookup<Thread> {
		const reading = this.#reading.value;
		if (people === null || reading === null) return { at: 'loading' };
		const { record, messages, isWhole, knocks } = reading;
		// An accepted request, or a notice whose holder does not answer: it is on its way.
		if (record === null) return { at: knocks.length > 0 ? 'loading' : 'absent' };
		if (record.count === 0) return { at: 'absent' };
		const files = this.#files;
		const stateOf = (messageId: string, index: number) => factsOf(files, fileKey(messageId, index));
		return { at: 'here', it: toThread(people, record, { messages, isWhole }, stateOf, labels) };
	}

	async showEarlier(): Promise<void> {
		this.#limit += EARLIER_MESSAGES;
		await this.#reading.refresh();
	}

	has(messageId: string): boolean {
		return this.message(messageId) !== undefined;
	}

	message(messageId: string): MessageRecord | undefined {
		return this.#reading.value?.messages.find(({ id }) => id === messageId);
	}

	/** Looks again at how much of each file is here. */
	async measure(): Promise<void> {
		const reading = this.#reading.value;
		if (reading !== null) await this.#measureAll(reading);
	}

	/** News of a file on its way, whoever of this profile's tabs fetches it. */
	fetching({ manifest, size, bytes, given }: FileProgress): void {
		const isHere = bytes >= size;
		const progress = bytes / Math.max(1, size);
		const state: FileState = isHere
			? { at: 'here' }
			: { at: 'fetching', progress, holders: given.size };
		for (const { id, isMine, mail } of this.#reading.value?.messages ?? []) {
			for (const [index, file] of mail.attachments.entries()) {
				if (isMine || cidToBlockId(file.manifest) !== manifest) continue;
				this.#files = withFile(this.#files, fileKey(id, index), state, given);
			}
		}
	}

	async fetched(messageId: string, index: number, outcome: BringOutcome): Promise<void> {
		if (outcome.ok) this.#setFile(messageId, index, { at: 'here' });
		else if (outcome.problem === 'cancelled') {
			this.#setFile(messageId, index, { at: 'absent' });
			await this.measure();
		} else this.#setFile(messageId, index, { at: 'failed', problem: outcome.problem });
	}

	close(): void {
		this.#reading.close();
	}

	#setFile(messageId: string, index: number, state: FileState): void {
		this.#files = withFile(this.#files, fileKey(messageId, index), state);
	}

	async #measureAll({ messages, knocks }: Reading): Promise<void> {
		const { blocks } = await this.#desk;
		this.#files = await measureFiles(blocks, messages, knocks, this.#files);
	}
}
