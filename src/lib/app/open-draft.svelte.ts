import { formatRecipient } from '../mailbox/drafts.ts';
import { leaveBlocks } from '../mailbox/leftovers.ts';
import { savingTime } from '../post/held.ts';
import { RingAway, StorageFull, type Desk, type KeyRing, type MailStore } from '../post/ports.ts';
import type { DraftFile, DraftRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import { parseBlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { fitFileName } from './bounds.ts';
import { FileQueue, type QueuedFile } from './file-queue.ts';
import { fileSource } from './sealing.ts';
import type {
	Course,
	Draft,
	DraftAttachment,
	DraftFields,
	End,
	History,
	HoldOutcome,
	Recipient,
	SendOutcome,
	SendProblem
} from './view.ts';
import type { LetterWish } from './view-letters.ts';

/** A change is stored this long after it at the latest: below the second that is promised. */
const SAVE_MS = 600;
/** Where there was no room, there may be some now. */
const SAVE_AGAIN_MS = 5_000;

export interface DraftPorts {
	readonly desk: Promise<Desk>;
	/** Reactive: a contact may be renamed while one writes to them. */
	recognise(text: string): Recipient;
	/** Reactive: somebody may be added to its thread, or leave it, while one writes. */
	course(record: DraftRecord): Course | null;
	/** Reactive. */
	history(record: DraftRecord): History;
	/** Reactive: as the thread that it answers says. */
	ends(record: DraftRecord): End | null;
	send(record: DraftRecord, letter?: LetterWish): Promise<SendOutcome>;
	/** What its writer must settle before it can be sent; null: nothing. */
	problemOf(record: DraftRecord): Promise<SendProblem | null>;
	/** As the screens say it. */
	explain(problem: NonNullable<DraftRecord['heldBack']>): SendProblem;
}

type FileState = DraftAttachment['state'];

/**
 * One draft while somebody may write it. It is sent, discarded or saved; never in between.
 * Without `$derived`: it outlives the component in which it is first read, and a derived does not.
 */
export class OpenDraft implements Draft {
	readonly id: string;
	readonly origin: Draft['origin'];
	readonly threadId: string | null;
	readonly #ports: DraftPorts;
	readonly #queue: FileQueue;
	#record: DraftRecord;
	#isDirty = $state(false);
	#isGone = $state(false);
	/** Of files that are not sealed yet; what is neither here nor sealed was lost with its tab. */
	#files = $state.raw<readonly (readonly [id: string, state: FileState])[]>([]);
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** Runs after there was no room. */
	#again: ReturnType<typeof setTimeout> | undefined;
	#saving: Promise<void> = Promise.resolve();

	constructor(record: DraftRecord, ports: DraftPorts) {
		this.id = record.id;
		this.origin = record.kind;
		this.threadId = record.thread ?? null;
		this.#record = $state.raw(record);
		this.#ports = ports;
		const answered = record.kind === 'forward' ? null : (record.thread ?? null);
		this.#queue = new FileQueue(ports.desk, answered, {
			onState: (id, state) => this.#setFile(id, state),
			onSealed: (id, sealed) => this.#keepSealed(id, sealed)
		});
	}

	get to() {
		return this.#recipients(this.#record.to);
	}

	get cc() {
		return this.#recipients(this.#record.cc);
	}

	get bcc() {
		return this.#recipients(this.#record.bcc);
	}

	get subject() {
		return this.#record.subject;
	}

	get html() {
		return this.#record.html;
	}

	get text() {
		return this.#record.text;
	}

	get isPlain() {
		return this.#record.isPlain === true;
	}

	get signature() {
		return this.#record.signature ?? '';
	}

	get isOnRecord() {
		return this.#record.isOnRecord === true;
	}

	get ends() {
		return this.#record.threadEnds ?? this.#record.ends ?? null;
	}

	get isEndForAll() {
		return this.#record.threadEnds !== undefined;
	}

	get threadEnds() {
		return this.#ports.ends(this.#record);
	}

	get history() {
		return this.#ports.history(this.#record);
	}

	get course() {
		return this.#ports.course(this.#record);
	}

	get attachments(): readonly DraftAttachment[] {
		return this.#record.files.map((file) => this.#toAttachment(file));
	}

	get savedAt() {
		return this.#isDirty ? null : this.#record.savedAt;
	}

	/** Sent or discarded, here or in another tab. */
	get isGone() {
		return this.#isGone;
	}

	/** As it is now, stored or not. */
	get record() {
		return this.#record;
	}

	edit({ to, cc, bcc, ends, isEndForAll, ...texts }: Partial<DraftFields>): void {
		this.#change({
			...texts,
			...this.#toEnds({ ends, isEndForAll }),
			...(to && { to: to.map(toText) }),
			...(cc && { cc: cc.map(toText) }),
			...(bcc && { bcc: bcc.map(toText) })
		});
	}

	addFiles(files: readonly File[]): void {
		void this.#ports.desk.then(({ random }) => {
			this.add(
				files.map((file) => ({
					id: toHex(random(8)),
					name: fitFileName(file.name),
					type: file.type,
					source: fileSource(file)
				}))
			);
		});
	}

	/** More than a message may carry are shown as refused, not dropped without a word. */
	add(files: readonly QueuedFile[]): void {
		const room = LIMITS.attachments - this.#record.files.length;
		const rows = files.map(({ id, name, type, source }) => ({ id, name, type, size: source.size }));
		this.#files = [
			...this.#files,
			...files.map(({ id }, at) => [id, at < room ? WAITING : TOO_MANY] as const)
		];
		this.#change({ files: [...this.#record.files, ...rows] });
		this.#queue.add(files.slice(0, Math.max(0, room)));
	}

	removeFile(id: string): void {
		this.#queue.cancel(id);
		const removed = this.#record.files.find((file) => file.id === id);
		this.#change({ files: this.#record.files.filter((file) => file !== removed) });
		void this.#ports.desk.then((desk) => leaveBlocks(desk, blocksOf(removed)));
	}

	get heldUntil() {
		return this.#record.heldUntil ?? null;
	}

	get heldBack() {
		const { heldBack } = this.#record;
		return heldBack === undefined ? null : this.#ports.explain(heldBack);
	}

	async hold(ms: number): Promise<HoldOutcome> {
		const unready = this.#unreadyFile() ?? (await this.#ports.problemOf(this.#record));
		// Somebody may have added a file meanwhile.
		const problem = unready ?? this.#unreadyFile();
		try {
			return problem === null ? await this.#keepHeld(ms) : { ok: false, problem };
		} finally {
			void this.flush();
		}
	}

	/**
	 * Taken back, here or in another tab, or not sent: it goes on with what was written here and not stored,
	 * and says why it was not sent.
	 */
	comeBack(stored: DraftRecord): void {
		const { heldUntil: _, heldBack: __, ...record } = this.#isDirty ? this.#record : stored;
		const { savedAt, heldBack } = stored;
		this.#record = { ...record, savedAt, ...(heldBack && { heldBack }) };
		void this.flush();
	}

	async send(letter?: LetterWish): Promise<SendOutcome> {
		const problem = this.#unreadyFile();
		if (problem !== null) return { ok: false, problem };
		// What is not saved yet need not be: the message is written in the same transaction that ends the
		// draft.
		const outcome = await this.#ports.send(this.#record, letter);
		if (outcome.ok) this.leave();
		else await this.flush();
		return outcome;
	}

	/** Begins to store what is not stored yet, in this very call. */
	flush(): Promise<void> {
		clearTimeout(this.#timer);
		clearTimeout(this.#again);
		this.#timer = undefined;
		if (this.#isDirty && !this.#isGone) this.#saving = this.#save(this.#saving);
		return this.#saving;
	}

	/** Another tab stored it: ours stays if it has news of its own. */
	adopt(stored: DraftRecord): void {
		if (this.#isGone || stored.savedAt <= this.#record.savedAt) return;
		if (!this.#isDirty) this.#record = stored;
		else if (this.heldUntil !== null && stored.heldUntil === undefined) this.comeBack(stored);
		else if (stored.heldUntil !== undefined) {
			this.#record = { ...this.#record, heldUntil: stored.heldUntil };
		}
	}

	/** Nothing is stored after this. */
	leave(): void {
		this.#isGone = true;
		clearTimeout(this.#timer);
		clearTimeout(this.#again);
		this.#queue.cancelAll();
	}

	#change(changes: Partial<DraftRecord>): void {
		if (this.#isGone) return;
		const { heldBack: _, ...record } = this.#record;
		this.#record = { ...record, ...changes };
		this.#isDirty = true;
		this.#timer ??= setTimeout(() => void this.flush(), SAVE_MS);
	}

	#unreadyFile(): SendProblem | null {
		const waiting = this.attachments.find(({ state }) => state.at !== 'ready');
		if (waiting === undefined) return null;
		const kind = waiting.state.at === 'adding' ? 'attachment-not-ready' : 'attachment-failed';
		return { kind, name: waiting.name };
	}

	/** In the order of all that is stored of it: no earlier state comes after this one. */
	#keepHeld(ms: number): Promise<HoldOutcome> {
		clearTimeout(this.#timer);
		clearTimeout(this.#again);
		this.#timer = undefined;
		const held = this.#saving.catch(() => undefined).then(() => this.#storeHeld(ms));
		this.#saving = held.then(
			() => undefined,
			() => undefined
		);
		return held;
	}

	async #storeHeld(ms: number): Promise<HoldOutcome> {
		const { store, now, ring } = await this.#ports.desk;
		try {
			await this.#comeUnderRing(ring);
			const written = this.#record;
			const { heldBack: _, ...sent } = written;
			const record = { ...sent, heldUntil: now() + ms, savedAt: savingTime({ now }, written) };
			const outcome = await replaceDraft(store, record);
			if (outcome === 'gone') {
				this.leave();
				return { ok: false, problem: { kind: 'no-recipient' } };
			}
			// Where another tab holds it, what was written here comes after its Send.
			const isOurs = outcome === 'stored';
			const isSame = this.#record === written && (isOurs || !this.#isDirty);
			this.#record = isSame ? record : { ...this.#record, heldUntil: record.heldUntil };
			this.#isDirty = !isSame;
			return { ok: true };
		} catch (error) {
			if (!(error instanceof StorageFull)) throw error;
			return { ok: false, problem: { kind: 'storage-full' } };
		}
	}

	async #save(before: Promise<void>): Promise<void> {
		await before.catch(() => undefined); // has told its own caller
		// It goes out as it was stored; what was written since is stored if it is taken back.
		if (this.heldUntil !== null) return;
		const { store, now, ring } = await this.#ports.desk;
		try {
			await this.#comeUnderRing(ring);
			const record = { ...this.#record, savedAt: savingTime({ now }, this.#record) };
			const written = this.#record;
			const outcome = await replaceDraft(store, record);
			if (outcome === 'gone') this.leave();
			if (outcome === 'held') this.#saveAgain();
			if (outcome === 'held' || this.#record !== written) return; // written on: its own timer runs
			this.#record = record;
			this.#isDirty = false;
		} catch (error) {
			// The text stays on screen as not saved, the notice of the full disk beside it; a key ring that
			// is away comes back.
			if (!(error instanceof StorageFull || error instanceof RingAway)) throw error;
			this.#saveAgain();
		}
	}

	#saveAgain(): void {
		clearTimeout(this.#again);
		if (!this.#isGone) this.#again = setTimeout(() => void this.flush(), SAVE_AGAIN_MS);
	}

	/** What is to end does so in its draft, too; what was saved before the choice is only deleted. */
	async #comeUnderRing(ring: KeyRing): Promise<void> {
		const isToEnd = this.ends !== null || this.threadEnds !== null;
		if (!isToEnd || this.#record.under !== undefined) return;
		const [under] = (await ring.claim(1)) ?? [];
		if (under !== undefined) this.#record = { ...this.#record, under };
	}

	/** One choice in two fields: of the message, or of all in the thread that it begins. */
	#toEnds(changes: {
		readonly ends: End | null | undefined;
		readonly isEndForAll: boolean | undefined;
	}): Pick<DraftRecord, 'ends' | 'threadEnds'> {
		const { ends = this.ends, isEndForAll = this.isEndForAll } = changes;
		if (changes.ends === undefined && changes.isEndForAll === undefined) return {};
		const chosen = ends ?? undefined;
		return isEndForAll
			? { ends: undefined, threadEnds: chosen }
			: { ends: chosen, threadEnds: undefined };
	}

	#setFile(id: string, state: FileState): void {
		this.#files = [...this.#files.filter(([other]) => other !== id), [id, state]];
	}

	#keepSealed(id: string, sealed: NonNullable<DraftFile['sealed']>): void {
		const files = this.#record.files.map((file) => (file.id === id ? { ...file, sealed } : file));
		this.#change({ files });
		this.#files = this.#files.filter(([other]) => other !== id);
		void this.flush();
	}

	#recipients(texts: readonly string[]): readonly Recipient[] {
		return texts.map((text) => this.#ports.recognise(text));
	}

	#toAttachment({ id, name, type, size, sealed }: DraftFile): DraftAttachment {
		const known = this.#files.find(([other]) => other === id)?.[1] ?? LOST;
		const ready = sealed?.isReused === true ? REUSED : READY;
		return { id, name, type, sizeBytes: size, state: sealed === undefined ? known : ready };
	}
}

const READY: FileState = { at: 'ready' };
const REUSED: FileState = { at: 'ready', isReused: true };
const WAITING: FileState = { at: 'adding', progress: 0 };
const TOO_MANY: FileState = { at: 'failed', problem: 'too-large' };
const LOST: FileState = { at: 'failed', problem: 'vanished' };

function toText({ text, name, address, standing }: Recipient): string {
	return standing === 'reachable' ? formatRecipient(name, address) : address || text;
}

/** `gone`: there is none to replace, and none is made; `held`: another tab sends it as it was. */
async function replaceDraft(
	store: MailStore,
	record: DraftRecord
): Promise<'stored' | 'gone' | 'held'> {
	const found: (DraftRecord | null)[] = [];
	await store.update('draft', [record.id], (row) => {
		found.push(row);
		if (row === null || row.heldUntil !== undefined) return [];
		return [{ table: 'draft', key: [record.id], put: record }];
	});
	const before = found.at(-1);
	if (before === null || before === undefined) return 'gone';
	return before.heldUntil === undefined ? 'stored' : 'held';
}

/** What is left of a file that is in no draft any more: the root of its manifest stands for it. */
export function blocksOf(file: DraftFile | undefined) {
	const { manifest, blocks = [] } = file?.sealed ?? {};
	const texts = manifest === undefined ? [] : [manifest, ...blocks];
	return texts.flatMap((text) => parseBlockId(text) ?? []);
}
