/** One member: a profile, the pages and workers that run on it, and what its owner does there. */

import type { Pipe } from '../../src/lib/net/pipe.ts';
import { openOwnAccount, type OwnAccount } from '../../src/lib/app/own-account.ts';
import { createAccount, renameAccount } from '../../src/lib/post/account.ts';
import { collect } from '../../src/lib/post/collect.ts';
import { collectWaiting } from '../../src/lib/post/collect-waiting.ts';
import { sealFile } from '../../src/lib/post/files.ts';
import { acceptInvite, standingInvite } from '../../src/lib/post/invite.ts';
import { listen } from '../../src/lib/post/listen.ts';
import { bundlesFor, drainOutbox } from '../../src/lib/post/outbox.ts';
import { StorageFull, Unreachable, type Desk } from '../../src/lib/post/ports.ts';
import { tendPrekeys } from '../../src/lib/post/prekeys.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import type {
	DraftFile,
	DraftRecord,
	History,
	KnockRecord,
	MessageRecord
} from '../../src/lib/post/records.ts';
import { requestsOf } from '../../src/lib/post/knocks.ts';
import { acceptRequest } from '../../src/lib/post/requests.ts';
import { send } from '../../src/lib/post/send.ts';
import type { Address, MessageId, PeerName } from '../../src/lib/wire/ids.ts';
import { parseInvite } from '../../src/lib/wire/invite.ts';
import { SimCourier } from './courier.ts';
import { startDuties } from './duties.ts';
import { END_MS, isEnding } from './endings.ts';
import { NO_HURRY } from './endless.ts';
import type { SimMail } from './ledger.ts';
import type { PipeEnd } from './pipes.ts';
import type { Profile } from './profile.ts';
import { Broken, type Life, type World } from './world.ts';

/** What a page or worker works with. */
export interface Process {
	readonly life: Life;
	readonly desk: Desk;
	readonly own: OwnAccount;
}

/** The page that runs the node. */
interface Leader extends Process {
	readonly courier: SimCourier;
	/** Aborts when it shall do nothing more by itself. */
	readonly idle: AbortController;
}

export interface Answering {
	readonly row: MessageRecord;
	readonly kind: 'reply' | 'replyAll' | 'forward';
	readonly history: History;
}

/** What a session is called among the things under way. */
export const TALK = 'talk to a peer';

export class Member {
	readonly name: string;
	readonly profile: Profile;
	/** Known from its first account on. */
	address: Address | null = null;
	/** Does its leader do by itself what the app does? Else only what the story says. */
	readonly isDiligent: boolean;
	readonly #world: World;
	readonly #office: string;
	#state: 'off' | 'starting' | 'on' = 'off';
	#leader: Leader | null = null;
	#tab: Process | null = null;
	readonly #running = new Set<{ readonly life: Life; readonly label: string }>();

	constructor(world: World, profile: Profile, office: string, isDiligent: boolean) {
		this.isDiligent = isDiligent;
		this.#world = world;
		this.profile = profile;
		this.name = profile.name;
		this.#office = office;
	}

	get state(): 'off' | 'starting' | 'on' {
		return this.#state;
	}

	get leader(): Leader | null {
		return this.#leader;
	}

	/** Labels of what has begun and not ended, in processes that live. */
	get running(): string[] {
		return [...this.#running]
			.filter(({ life }) => !life.isOver)
			.map(({ life, label }) => `${life.name}: ${label}`);
	}

	/** Opens the page that leads; makes the identity where there is none. */
	start(): void {
		if (this.#state !== 'off') return;
		this.#state = 'starting';
		const { life, desk } = this.profile.open('page');
		const started = this.#track(life, 'start', async () => {
			const own = await this.#openAccount(desk);
			const { peer } = own.account.record;
			const recipient = createRecipient(desk, own.account, {
				onReceived: () => undefined,
				onConnections: () => undefined
			});
			const { account } = own;
			const courier = new SimCourier({ world: this.#world, life, desk, recipient, account });
			this.#world.note(`${life.name} is ${own.account.record.address} at ${peer}`);
			const idle = new AbortController();
			this.#leader = { life, desk, own, courier, idle };
			this.#state = 'on';
			const chance = () => this.#world.dice.below(1000) / 1000;
			const ports = { desk, own, peers: courier };
			if (this.isDiligent) startDuties(ports, { signal: idle.signal, chance });
		});
		void started.then(() => {
			if (this.#state !== 'starting' || life.isOver) return;
			// There was no room for it: its owner closes it, and opens it again some time.
			this.profile.close(life);
			this.#goOff();
		});
	}

	async #openAccount(desk: Desk): Promise<OwnAccount> {
		const stored = await openOwnAccount(desk);
		if (stored === null) await createAccount(desk, { name: this.name, office: this.#office });
		const own = stored ?? (await openOwnAccount(desk));
		if (own === null) throw new Broken(`${this.name} has no account after it was made`);
		const { address } = own.account.record;
		if (this.address !== null && this.address !== address) {
			throw new Broken(`${this.name} has become another`);
		}
		this.address = address;
		return own;
	}

	/** The power goes, at once or in the middle of what the next writes do. */
	crash(writes: number): void {
		this.#world.note(`${this.name} loses power after ${writes} writes`);
		this.profile.crash(writes, () => this.#goOff());
	}

	/** All pages are closed; what was stored stays, what was under way is gone. */
	quit(): void {
		for (const process of [this.#leader, this.#tab]) {
			if (process !== null) this.profile.close(process.life);
		}
		if (this.#state === 'on') this.#goOff();
	}

	/** A power cut that was still to come does not. */
	calm(): void {
		this.profile.calm();
	}

	#goOff(): void {
		this.#state = 'off';
		this.#leader = null;
		this.#tab = null;
		this.#running.clear();
	}

	/** Another page of the same profile, which does not lead; opened once. */
	openTab(): void {
		if (this.#state !== 'on' || this.#tab !== null) return;
		const { life, desk } = this.profile.open('tab');
		void this.#track(life, 'open a tab', async () => {
			const own = await openOwnAccount(desk);
			if (own === null) throw new Broken(`${life.name} finds no account`);
			this.#tab = { life, desk, own };
		});
	}

	/** What its owner does, in the page that leads or in another. */
	act(label: string, work: (process: Process) => Promise<void>, where: 'leader' | 'tab'): void {
		const process = where === 'tab' ? (this.#tab ?? this.#leader) : this.#leader;
		if (process === null) return;
		void this.#track(process.life, label, () => work(process));
	}

	#track(life: Life, label: string, work: () => Promise<void>): Promise<void> {
		const task = { life, label };
		this.#running.add(task);
		this.#world.note(`${life.name} begins to ${label}`);
		return work().then(
			() => void this.#running.delete(task),
			(error: unknown) => {
				this.#running.delete(task);
				if (isFactOfLife(error)) this.#world.note(`${life.name} could not ${label}: ${error.name}`);
				else this.#world.fail(error);
			}
		);
	}

	/* ------------------------------------------------------------- the owner's deeds */

	/** Composes and sends; what was accepted stands in the ledger. */
	async write(
		{ desk, own }: Process,
		mail: SimMail,
		addressOf: (name: string) => string,
		answering: Answering | null
	): Promise<void> {
		const files: DraftFile[] = [];
		for (const file of mail.files) {
			const sealed = await sealFile(desk, desk.blocks, pieces(file.content));
			const { key, manifest, sha256, size, blocks } = sealed;
			const fields = { id: file.name, name: file.name, type: 'application/octet-stream', size };
			files.push({ ...fields, sealed: { key, manifest, sha256, blocks } });
		}
		const draft: DraftRecord = {
			id: `draft-${mail.number}`,
			kind: answering?.kind ?? 'new',
			...(answering && { thread: answering.row.thread, answers: answering.row.id }),
			to: mail.to.map(addressOf),
			cc: mail.cc.map(addressOf),
			bcc: mail.bcc.map(addressOf),
			subject: `${mail.mark} about it`,
			text: `${mail.mark} is what ${mail.author} has to say`,
			...{ html: '', files, history: mail.history, savedAt: desk.now() },
			...(isEnding(mail) && { ends: { after: END_MS } })
		};
		await desk.store.commit([{ table: 'draft', key: [draft.id], put: draft }]);
		const outcome = await send(desk, own.account, draft);
		if (!outcome.ok) {
			this.#world.note(`${this.name} cannot send mail ${mail.number}: ${outcome.problem.kind}`);
			return;
		}
		mail.accepted = { thread: outcome.threadId, message: outcome.messageId };
		this.#world.note(`${this.name} has sent mail ${mail.number}`);
		await this.#push(outcome.messageId);
	}

	/** As the leader does for whoever of the recipients is connected. */
	async #push(message: MessageId): Promise<void> {
		const leader = this.#leader;
		if (leader === null) return;
		for (const record of await leader.desk.store.list('outbox')) {
			if (record.message !== message) continue;
			for (const { to } of record.knocks) {
				leader.courier.push(to, await bundlesFor(leader.desk, record, to));
			}
		}
	}

	/** In the page, or as the service worker does when the last page was closed. */
	async drain({ desk, own }: Process): Promise<void> {
		const outcome = await drainOutbox(desk, own.account);
		const reason = outcome.kind === 'refused' ? `: ${outcome.reason}` : '';
		this.#world.note(`${this.name} drained: ${outcome.kind}${reason}`);
	}

	/** The service worker is woken; it ends when it is done. */
	drainInWorker(): void {
		const { life, desk } = this.profile.open('worker');
		void this.#track(life, 'drain in the worker', async () => {
			const own = await openOwnAccount(desk);
			if (own !== null) await this.drain({ life, desk, own });
			this.profile.close(life);
		});
	}

	async listen({ life, desk, own }: Process, once: boolean): Promise<void> {
		const onKnock = (knock: KnockRecord) => {
			if (knock.wait === 'fetch') void this.#track(life, 'collect', () => this.#collect(knock));
		};
		const onOutbox = () => this.act('drain again', (process) => this.drain(process), 'leader');
		const heard = await listen(desk, own.account, { once, onKnock, onOutbox });
		if (!heard.ok) this.#world.note(`${this.name} may not listen: ${heard.reason}`);
	}

	async #collect(knock: KnockRecord): Promise<void> {
		if (this.#leader === null) return;
		const { desk, own, courier } = this.#leader;
		const outcome = await collect(desk, own.account, courier, knock, NO_HURRY);
		this.#world.note(`${this.name} collected: ${outcome.kind}`);
	}

	async collectAll({ desk, own }: Process): Promise<void> {
		await collectWaiting(desk, own.account, this.#leader?.courier ?? null, NO_HURRY);
	}

	async acceptRequests({ desk, own }: Process): Promise<void> {
		for (const request of await requestsOf(desk)) {
			await acceptRequest(desk, own.account, this.#leader?.courier ?? null, request);
		}
	}

	/** The link that it would give to a friend. */
	async invite({ desk, own }: Process): Promise<string | null> {
		return standingInvite(desk, own.account);
	}

	async follow({ desk, own }: Process, link: string): Promise<void> {
		const invite = parseInvite(link);
		if (invite === null) throw new Broken(`no invite: ${link}`);
		const outcome = await acceptInvite(desk, own.account, invite);
		this.#world.note(`${this.name} follows an invite: ${outcome}`);
	}

	async rename({ desk, own }: Process, name: string): Promise<void> {
		await renameAccount(desk, name);
		await own.refresh();
	}

	/** What an awake device does each day. */
	async renew({ desk, own }: Process): Promise<void> {
		await tendPrekeys(desk, own.account, this.#leader?.courier ?? null);
		await own.refresh();
	}

	/** What an awake and connected leader does, once. */
	async settle(): Promise<void> {
		const process = this.#leader;
		if (process === null) throw new Broken(`${this.name} is not there`);
		await this.#track(process.life, 'drain', () => this.drain(process));
		await this.#track(process.life, 'listen', () => this.listen(process, true));
		await this.#track(process.life, 'accept requests', () => this.acceptRequests(process));
		await this.#track(process.life, 'collect', () => this.collectAll(process));
	}

	/* --------------------------------------------------------------------- peers */

	pipeEnd(): PipeEnd | null {
		const leader = this.#leader;
		if (leader === null) return null;
		const peer: PeerName = leader.own.account.record.peer;
		return { life: leader.life, peer };
	}

	serve(pipe: Pipe, dialled: Uint8Array | null): void {
		const leader = this.#leader;
		if (leader === null) return;
		void this.#track(leader.life, TALK, () => leader.courier.serve(pipe, dialled));
	}
}

/** What may always happen, and what whoever called will try again. */
function isFactOfLife(error: unknown): error is StorageFull | Unreachable {
	return error instanceof StorageFull || error instanceof Unreachable;
}

async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < content.length; at += 100_000) yield content.subarray(at, at + 100_000);
}
