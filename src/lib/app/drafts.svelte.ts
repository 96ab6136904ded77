import type { People } from '../mailbox/people.ts';
import type { Change, Desk } from '../post/ports.ts';
import type { DraftRecord, MessageRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import { parseMessageId, parseThreadId } from '../wire/ids.ts';
import { Live } from './live.svelte.ts';
import type { DraftPorts, OpenDraft } from './open-draft.svelte.ts';
import type { Parts } from './parts.ts';
import { Recent } from './recent.ts';
import { story, storyNow } from './story.ts';
import type { Draft, DraftOrigin, Drafts, Lookup, Shared, Undo } from './view.ts';

export type DraftsPorts = DraftPorts & Parts;
type DraftParts = Pick<NonNullable<ReturnType<typeof storyNow>>, 'OpenDraft'>;

/** What is being written. */
export class DraftsState implements Drafts {
	readonly #ports: DraftsPorts;
	readonly #records: Live<readonly DraftRecord[]>;
	readonly #open = new Recent<OpenDraft>(Infinity, () => undefined);
	#opened = $state(0);

	constructor(ports: DraftsPorts) {
		this.#ports = ports;
		this.#records = new Live<readonly DraftRecord[]>(ports.desk, ['draft'], async ({ store }) => {
			const records = await store.list('draft');
			for (const record of records) this.#open.peek(record.id)?.adopt(record);
			return records;
		});
	}

	/** `null` while loading. */
	get records(): readonly DraftRecord[] | null {
		return this.#records.value;
	}

	async create(origin: DraftOrigin): Promise<string> {
		const desk = await this.#ports.desk;
		const answered = await this.#answered(desk, origin);
		const thread = answered === null ? null : await desk.store.get('thread', [answered.thread]);
		const parts = await story();
		const { goneFrom, newDraft } = parts;
		const gone = thread === null ? undefined : goneFrom(thread);
		const record = newDraft(desk, await this.#people(), origin, answered, gone);
		await desk.store.commit([putDraft(record)]);
		const draft = this.#openDraft(record, parts);
		if (answered !== null && origin.kind === 'forward') await this.#carry(desk, draft, answered);
		await this.#records.refresh();
		return record.id;
	}

	async takeShared(token: string): Promise<Shared | null> {
		const { takeShared } = await story();
		return takeShared(token);
	}

	draft(id: string): Lookup<Draft> {
		// State that a template makes while it reads does not wake it: it is woken by this count.
		this.#opened;
		const records = this.#records.value;
		const known = this.#open.peek(id);
		if (known !== undefined && !known.isGone) return { at: 'here', it: known };
		const parts = storyNow();
		if (parts === null) void story().then(() => this.#opened++);
		if (records === null || parts === null) return { at: 'loading' };
		const record = records.find((one) => one.id === id);
		if (record === undefined || known !== undefined) return { at: 'absent' };
		return { at: 'here', it: this.#openDraft(record, parts) };
	}

	inThread(threadId: string): string | null {
		const answers = (this.#records.value ?? []).filter(
			({ id, kind, thread }) =>
				thread === threadId && kind !== 'forward' && this.#open.peek(id)?.isGone !== true
		);
		return answers.sort((a, b) => b.savedAt - a.savedAt)[0]?.id ?? null;
	}

	async discard(ids: readonly string[]): Promise<Undo> {
		const desk = await this.#ports.desk;
		const discarded: DraftRecord[] = [];
		for (const id of ids) {
			const open = this.#open.peek(id);
			open?.leave();
			await open?.flush();
			const record = open?.record ?? (await desk.store.get('draft', [id]));
			if (record !== null) discarded.push(record);
		}
		const { blocksOf, discardDrafts, leaveBlocks } = await story();
		await leaveBlocks(
			desk,
			discarded.flatMap(({ files }) => files.flatMap(blocksOf))
		);
		const restore = await discardDrafts(desk, discarded);
		await this.#records.refresh();
		return async () => {
			for (const { id } of discarded) this.#open.drop(id);
			await restore();
			await this.#records.refresh();
		};
	}

	/** The page may go: begins to store all that is not stored yet. */
	flush(): void {
		for (const draft of this.#open.values()) void draft.flush();
	}

	#openDraft(record: DraftRecord, { OpenDraft: Made }: DraftParts): OpenDraft {
		return this.#open.get(record.id, () => {
			queueMicrotask(() => this.#opened++);
			return new Made(record, this.#ports);
		});
	}

	async #people(): Promise<People> {
		const { shelf } = this.#ports;
		if (shelf.people === null) {
			await Promise.all([shelf.account.refresh(), shelf.contacts.refresh()]);
		}
		if (shelf.people === null) throw new Error('a draft needs an identity');
		return shelf.people;
	}

	async #answered(desk: Desk, origin: DraftOrigin): Promise<MessageRecord | null> {
		if (origin.kind === 'new' || origin.kind === 'link') return null;
		const thread = parseThreadId(origin.threadId);
		const message = parseMessageId(origin.messageId);
		if (thread === null || message === null) return null;
		return desk.store.get('message', [thread, message]);
	}

	/** Sealed anew: equal CIDs in two threads would tell a holder that they carry the same file. */
	async #carry(desk: Desk, draft: OpenDraft, message: MessageRecord): Promise<void> {
		const account = await this.#ports.account;
		const { attachmentSource } = await story();
		draft.add(
			message.mail.attachments.map((file) => ({
				id: toHex(desk.random(8)),
				name: file.name,
				type: file.type,
				source: attachmentSource(desk, account, this.#ports.peers(), message, file)
			}))
		);
	}
}

function putDraft(record: DraftRecord): Change {
	return { table: 'draft', key: [record.id], put: record };
}
