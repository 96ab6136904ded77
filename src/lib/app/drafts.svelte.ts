import type { People } from '../mailbox/people.ts';
import { StorageFull, type Change, type Desk } from '../post/ports.ts';
import type { DraftRecord, MessageRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import { parseMessageId, parseThreadId } from '../wire/ids.ts';
import { HoldClock } from './hold-clock.ts';
import { Live } from './live.svelte.ts';
import type { DraftPorts, OpenDraft } from './open-draft.svelte.ts';
import type { Parts } from './parts.ts';
import { Recent } from './recent.ts';
import { story, storyNow } from './story.ts';
import type {
	Draft,
	DraftOrigin,
	Drafts,
	HeldDraft,
	HoldTrouble,
	Lookup,
	SendOutcome,
	Shared,
	Undo
} from './view.ts';

export interface DraftsPorts extends DraftPorts, Parts {
	/** Sends what is held, if it is still held, and due or to go at once. */
	postHeld(id: string, options: { readonly isAtOnce: boolean }): Promise<SendOutcome | null>;
}
type DraftParts = Pick<NonNullable<ReturnType<typeof storyNow>>, 'OpenDraft'>;

/** What is being written. */
export class DraftsState implements Drafts {
	readonly #ports: DraftsPorts;
	readonly #records: Live<readonly DraftRecord[]>;
	readonly #open = new Recent<OpenDraft>(Infinity, () => undefined);
	readonly #clock = new HoldClock({
		post: (id) => this.#ports.postHeld(id, { isAtOnce: false }),
		onTrouble: (id, error) => this.#setTrouble(id, error),
		now: () => Date.now()
	});
	/** What is due and does not go out, and why, in this tab. */
	#troubles = $state.raw<readonly (readonly [id: string, trouble: HoldTrouble])[]>([]);
	#opened = $state(0);

	constructor(ports: DraftsPorts) {
		this.#ports = ports;
		this.#records = new Live<readonly DraftRecord[]>(ports.desk, ['draft'], async ({ store }) => {
			const records = await store.list('draft');
			for (const record of records) this.#open.peek(record.id)?.adopt(record);
			this.#partFromSent(records);
			this.#clock.mind(records);
			return records;
		});
	}

	/** What is being written; `null` while loading. */
	get records(): readonly DraftRecord[] | null {
		return this.#records.value?.filter(({ heldUntil }) => heldUntil === undefined) ?? null;
	}

	get held(): readonly HeldDraft[] {
		return (this.#records.value ?? [])
			.filter(({ heldUntil, heldBack }) => heldUntil !== undefined || heldBack !== undefined)
			.sort((a, b) => a.savedAt - b.savedAt)
			.map((record) => this.#toHeld(record));
	}

	get isAnyHeld(): boolean {
		return this.#records.value?.some(({ heldUntil }) => heldUntil !== undefined) ?? false;
	}

	async takeBack(id: string): Promise<boolean> {
		const { takeBack } = await story();
		const record = await takeBack(await this.#ports.desk, id);
		if (record !== null) this.#comeBack(record);
		await this.#records.refresh();
		return record !== null;
	}

	async sendNow(id: string): Promise<SendOutcome | null> {
		const outcome = await this.#ports.postHeld(id, { isAtOnce: true });
		await this.#records.refresh();
		return outcome;
	}

	async acknowledge(id: string): Promise<void> {
		const { acknowledge } = await story();
		const record = await acknowledge(await this.#ports.desk, id);
		if (record !== null) this.#comeBack(record);
		await this.#records.refresh();
	}

	async create(origin: DraftOrigin): Promise<string> {
		const desk = await this.#ports.desk;
		const answered = await this.#answered(desk, origin);
		const thread = answered === null ? null : await desk.store.get('thread', [answered.thread]);
		const parts = await story();
		const { goneFrom, newDraft, readOwn, SIGNATURE, WRITING } = parts;
		const [signature] = await readOwn(desk.store, SIGNATURE);
		const [writing] = await readOwn(desk.store, WRITING);
		const isPlain = writing?.isPlain ?? false;
		const options = { signature, isPlain, ...(thread !== null && { gone: goneFrom(thread) }) };
		const record = newDraft(desk, await this.#people(), origin, answered, options);
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
			({ id, kind, thread, heldUntil }) =>
				heldUntil === undefined &&
				thread === threadId &&
				kind !== 'forward' &&
				this.#open.peek(id)?.isGone !== true
		);
		return answers.sort((a, b) => b.savedAt - a.savedAt)[0]?.id ?? null;
	}

	async discard(ids: readonly string[]): Promise<Undo> {
		const desk = await this.#ports.desk;
		const discarded: DraftRecord[] = [];
		for (const id of ids) {
			const row = await desk.store.get('draft', [id]);
			// Another tab sends it, or has: it is not ours to throw away.
			if (row === null || row.heldUntil !== undefined) continue;
			const open = this.#open.peek(id);
			open?.leave();
			await open?.flush();
			discarded.push(open?.record ?? row);
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

	/** What was left while it was held is opened anew. */
	#comeBack(record: DraftRecord): void {
		const open = this.#open.peek(record.id);
		if (open?.isGone === true) this.#open.drop(record.id);
		else open?.comeBack(record);
	}

	/** What goes out in another tab, or in the worker, says nothing here but that it is no more. */
	#partFromSent(records: readonly DraftRecord[]): void {
		for (const draft of this.#open.values()) {
			const isHere = records.some(({ id }) => id === draft.id);
			if (draft.heldUntil !== null && !isHere) draft.leave();
		}
	}

	#setTrouble(id: string, error: unknown): void {
		const others = this.#troubles.filter(([of]) => of !== id);
		if (error === null && others.length === this.#troubles.length) return;
		const trouble = error instanceof StorageFull ? 'storage-full' : 'broken';
		this.#troubles = error === null ? others : [...others, [id, trouble]];
	}

	#toHeld(record: DraftRecord): HeldDraft {
		const { id, kind, thread, subject, text, heldUntil, heldBack } = record;
		const named = [...record.to, ...record.cc, ...record.bcc];
		const to = named.map((one) => this.#ports.recognise(one));
		const shown = { id, origin: kind, threadId: thread ?? null, to, subject, text };
		if (heldBack === undefined || heldUntil !== undefined) {
			const trouble = this.#troubles.find(([of]) => of === id)?.[1] ?? null;
			return { ...shown, state: { at: 'held', until: heldUntil ?? 0, trouble } };
		}
		return { ...shown, state: { at: 'back', problem: this.#ports.explain(heldBack) } };
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
