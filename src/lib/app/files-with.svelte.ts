import { filesWith, type SharedFile } from '../mailbox/shared-with.ts';
import { toPerson, type People } from '../mailbox/people.ts';
import type { FileProgress } from '../post/collect.ts';
import type { ListedThread } from '../post/listed.ts';
import type { Desk } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import { cidToBlockId, type Address } from '../wire/ids.ts';
import { factsOf, fileKey, measureFiles, NO_FILES, withFile } from './file-states.ts';
import { Live } from './live.svelte.ts';
import type { FilesShared } from './view-people.ts';
import type { BringOutcome, Lookup } from './view.ts';

/** As many more each time they are asked for. */
const FILES = 40;

interface Reading {
	readonly files: readonly SharedFile[];
	readonly hasMore: boolean;
}

/** Files exchanged with somebody, as long as their page may be open. */
export class FilesWith {
	readonly #reading: Live<Reading, Pick<Desk, 'store' | 'blocks'>>;
	#states = $state.raw(NO_FILES);
	#limit = FILES;

	/** `threads`: all of them, as they are now. `person`: all their addresses. */
	constructor(
		desk: Promise<Pick<Desk, 'store' | 'blocks'>>,
		threads: () => readonly ListedThread[],
		person: readonly Address[]
	) {
		this.#reading = new Live<Reading, Pick<Desk, 'store' | 'blocks'>>(
			desk,
			['message'],
			async ({ store, blocks }) => {
				const reading = await filesWith(store, threads(), person, this.#limit);
				this.#states = await measureFiles(blocks, messagesOf(reading), [], this.#states);
				return reading;
			}
		);
	}

	lookUp(people: People | null): Lookup<FilesShared> {
		const reading = this.#reading.value;
		if (people === null || reading === null) return { at: 'loading' };
		const files = reading.files.map(({ message, index, subject }) => {
			const { id, thread, mail, from } = message;
			const file = mail.attachments[index];
			const { state } = factsOf(this.#states, fileKey(id, index));
			return {
				...{ threadId: thread, messageId: id, index, subject },
				from: toPerson(people, from, mail.from.name),
				date: message.order,
				attachment: {
					name: file?.name ?? '',
					type: file?.type ?? '',
					sizeBytes: file?.size ?? 0,
					...{ state, given: [] }
				}
			};
		});
		return { at: 'here', it: { files, hasMore: reading.hasMore } };
	}

	async more(): Promise<void> {
		this.#limit += FILES;
		await this.#reading.refresh();
	}

	message(messageId: string): MessageRecord | undefined {
		return this.#reading.value?.files.find(({ message }) => message.id === messageId)?.message;
	}

	fetching({ manifest, size, bytes, given }: FileProgress): void {
		const progress = bytes / Math.max(1, size);
		for (const { message, index } of this.#reading.value?.files ?? []) {
			const file = message.mail.attachments[index];
			if (message.isMine || file === undefined) continue;
			if (cidToBlockId(file.manifest) !== manifest) continue;
			const state =
				bytes >= size
					? ({ at: 'here' } as const)
					: ({ at: 'fetching', progress, holders: given.size } as const);
			this.#states = withFile(this.#states, fileKey(message.id, index), state, given);
		}
	}

	fetched(messageId: string, index: number, outcome: BringOutcome): void {
		const state = outcome.ok
			? ({ at: 'here' } as const)
			: outcome.problem === 'cancelled'
				? ({ at: 'absent' } as const)
				: ({ at: 'failed', problem: outcome.problem } as const);
		this.#states = withFile(this.#states, fileKey(messageId, index), state);
	}

	close(): void {
		this.#reading.close();
	}
}

function messagesOf({ files }: Reading): MessageRecord[] {
	return [...new Set(files.map(({ message }) => message))];
}
