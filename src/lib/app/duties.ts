/**
 * What the leading tab does besides showing mail: listens at the post office, hands over what was
 * written, collects what was announced, runs the node, and keeps house. The other tabs follow its word.
 */

import { nextTask } from './breath.ts';
import { Bringing } from './bringing.ts';
import { startDailyRound } from './daily-round.ts';
import { createEnding } from './ending-duty.ts';
import { createErrand, type Errand } from './errand.ts';
import { obstacleOf } from './facts.ts';
import type { Facts, FactsChannel } from './facts-channel.ts';
import { createLetterDuty } from './letter-duty.ts';
import { createListingDuty, type ListingDuty } from './listing-duty.ts';
import { startListening, type OfficeState } from './listening.ts';
import { startNode, type RunningNode } from './node-duty.ts';
import type { OwnAccount } from './own-account.ts';
import { collectWaiting } from '../post/collect-waiting.ts';
import type { Peers } from '../post/holders.ts';
import { drainOutbox } from '../post/outbox.ts';
import { RingAway, StorageFull, Unreachable, type Desk } from '../post/ports.ts';
import { replaceLostPrekey } from '../post/prekeys.ts';
import type { TableName } from '../post/records.ts';
import { atOwnOffice } from '../post/registration.ts';
import type { Witness } from '../net/departures.ts';
import type { Store } from '../store/store.ts';
import { accept, type Refusal } from '../wire/refusal.ts';

export interface DutyPorts {
	readonly desk: Desk;
	readonly own: OwnAccount;
	readonly database: Store['database'];
	readonly reserve: Store['reserve'];
	readonly witness: Witness;
	readonly channel: FactsChannel;
	/** Who can be asked for blocks: null as long as no node runs. */
	readonly onPeers: (peers: Peers, give: Give) => void;
	/** Calls back when network or page may have come back; returns the way out. */
	readonly onWake: (listener: () => void) => () => void;
}

/** Gives what was just written, and is in storage, to those of its recipients who are connected. */
export type Give = RunningNode['give'];

/** Until the signal aborts. */
export async function performDuties(ports: DutyPorts, signal: AbortSignal): Promise<void> {
	const duties = new Duties(ports, signal);
	const leave = [
		ports.desk.store.subscribe((changed) => duties.heed(changed)),
		ports.onWake(() => duties.wake())
	];
	await duties.begin();
	await new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener('abort', () => resolve(), { once: true });
	});
	for (const end of leave) end();
	ports.onPeers(null, () => undefined);
	ports.channel.follow();
}

/** What the own office is asked for. */
type Work = 'listening' | 'sending' | 'registering';

class Duties {
	readonly #ports: DutyPorts;
	readonly #signal: AbortSignal;
	readonly #listening: Errand;
	readonly #drain: Errand;
	readonly #collect: Errand;
	readonly #register: Errand;
	readonly #node: Errand;
	readonly #bringing: Bringing;
	readonly #ending: Errand;
	readonly #letters: Errand;
	/** Where the key ring is gone, a prekey that opens what is sealed from now on. */
	readonly #prekey: Errand;
	readonly #list: ListingDuty;
	#running: RunningNode | null = null;
	#office: OfficeState = 'trying';
	/** What the office said to each kind of work, as far as it was no room. */
	readonly #obstacles = new Map<Work, NonNullable<Facts['obstacle']>>();
	/** Something found no room in this browser, and waits. */
	#isCramped = false;

	constructor(ports: DutyPorts, signal: AbortSignal) {
		this.#ports = ports;
		this.#signal = signal;
		const { desk, own } = ports;
		const errand = (work: () => Promise<boolean>) =>
			createErrand(() => this.#patiently(work), { signal });
		this.#drain = errand(() => this.#drainOnce());
		this.#collect = errand(() => this.#collectOnce());
		this.#register = errand(() => this.#registerOnce());
		this.#bringing = new Bringing(
			{
				...{ desk, account: own.account },
				peers: () => this.#peers(),
				onProgress: (progress) => ports.channel.tellFetched(progress),
				onMore: () => this.#collect.hurry(),
				onFull: () => {
					this.#isCramped = true;
				}
			},
			signal
		);
		this.#node = errand(() => this.#startNode());
		this.#prekey = errand(async () => {
			await replaceLostPrekey(desk);
			return true;
		});
		this.#ending = createEnding(desk, own.account, signal);
		this.#letters = createLetterDuty(desk, own.account, signal);
		this.#list = createListingDuty(desk, signal);
		this.#listening = startListening(
			{
				desk,
				account: own.account,
				onState: (state) => this.#officeIs(state),
				onRefused: (reason) => this.#officeSaid('listening', reason),
				onCramped: () => {
					this.#isCramped = true;
				},
				onOutbox: () => this.#drain.ask()
			},
			{ signal }
		);
	}

	/** Mail first, and each in a task of its own: who reads or types has their turn in between. */
	async begin(): Promise<void> {
		const { desk, reserve, own } = this.#ports;
		this.#tell();
		const fetching = [this.#listening, this.#drain, this.#collect, this.#node];
		for (const errand of [...fetching, this.#ending, this.#letters, this.#prekey]) {
			errand.ask();
			await nextTask();
		}
		if (this.#signal.aborted) return;
		this.#list.touched();
		startDailyRound(desk, reserve, own.account, this.#signal);
	}

	/** Whatever may have failed for want of a network is tried at once. */
	wake(): void {
		this.#listening.hurry();
		this.#drain.hurry();
		this.#collect.hurry();
		this.#ending.hurry();
		this.#letters.hurry();
		this.#running?.reach(true);
	}

	/** Some tab, or the service worker, has written. */
	heed(changed: ReadonlySet<TableName>): void {
		const has = (...tables: readonly TableName[]) => tables.some((table) => changed.has(table));
		if (has('outbox')) {
			void this.#handOver().catch(reportError);
		}
		if (has('knock')) this.#collect.ask();
		if (has('ending', 'doomed')) this.#ending.ask();
		if (has('thread', 'letter', 'knock')) this.#letters.ask();
		if (has('account', 'slot', 'invite')) this.#register.ask();
		if (has('thread')) this.#list.touched();
		if (has('thread', 'contact')) this.#running?.reach(false);
		// The reader may have made room: what waits for it is not kept waiting.
		if (has('message', 'draft') && this.#isCramped) {
			this.#isCramped = false;
			this.#listening.hurry();
			this.#collect.hurry();
		}
	}

	/** People first: whoever is connected has it before the office's share of the processor comes. */
	async #handOver(): Promise<void> {
		try {
			const isGiven = (await this.#running?.push()) ?? false;
			if (isGiven) await new Promise((resolve) => setTimeout(resolve, PEERS_FIRST_MS));
		} finally {
			this.#drain.ask();
		}
	}

	#officeIs(state: OfficeState): void {
		const wasOpen = this.#office === 'open';
		this.#office = state;
		if (state === 'open' && !wasOpen) {
			this.#drain.hurry();
			this.#collect.hurry();
		}
		this.#tell();
	}

	async #drainOnce(): Promise<boolean> {
		const { desk, own } = this.#ports;
		const outcome = await drainOutbox(desk, own.account, { signal: this.#signal });
		if (outcome.kind !== 'unreachable') {
			this.#officeSaid('sending', outcome.kind === 'refused' ? outcome.reason : null);
		}
		if (outcome.kind === 'unreachable' || outcome.kind === 'refused') return false;
		const records = await desk.store.list('outbox');
		// A knock may have to wait for a card that no office gives now.
		return !records.some(({ knocks }) =>
			knocks.some(({ state, url }) => state === 'waiting' && url)
		);
	}

	/** Texts first; files come beside them. */
	async #collectOnce(): Promise<boolean> {
		const { desk, own } = this.#ports;
		await collectWaiting(desk, own.account, this.#peers(), {
			signal: this.#signal,
			isTextOnly: true
		});
		const waiting = (await desk.store.list('knock')).filter(({ wait }) => wait === 'fetch');
		this.#bringing.begin(waiting.sort((a, b) => a.receivedAt - b.receivedAt));
		return waiting.length === 0;
	}

	/** Whoever is connected at the time of asking: a file may be on its way before the node runs. */
	#peers(): NonNullable<Peers> {
		const courier = () => this.#running?.net.courier;
		return {
			get connections() {
				return courier()?.connections ?? [];
			},
			fetch: (address, ids, options) => courier()?.fetch(address, ids, options) ?? nothing()
		};
	}

	/** New slots, invites and cards become known at the own office. */
	async #registerOnce(): Promise<boolean> {
		const { desk, own } = this.#ports;
		await own.refresh();
		const known = await atOwnOffice(desk, own.account, async () => accept(null), {
			signal: this.#signal
		});
		this.#officeSaid('registering', known.ok ? null : known.reason);
		return known.ok;
	}

	/** Without a node mail goes by the office alone. */
	async #startNode(): Promise<boolean> {
		const { desk, own, database, witness, onPeers } = this.#ports;
		const running = await startNode(
			{
				desk,
				account: own.account,
				database,
				witness,
				onChange: () => this.#tell(),
				onNews: () => this.#collect.hurry()
			},
			this.#signal
		);
		this.#running = running;
		onPeers(running.net.courier, running.give);
		await running.push();
		this.#tell();
		return true;
	}

	/** `null`: it took all. */
	#officeSaid(work: Work, refusal: Refusal | null): void {
		const obstacle = refusal === null ? null : obstacleOf(refusal);
		if (obstacle === null) this.#obstacles.delete(work);
		else this.#obstacles.set(work, obstacle);
		this.#tell();
	}

	/** No network and no room pass by themselves; all else is a defect, and reported. */
	async #patiently(work: () => Promise<boolean>): Promise<boolean> {
		try {
			return await work();
		} catch (error) {
			if (error instanceof StorageFull) this.#isCramped = true;
			else if (!(error instanceof Unreachable || error instanceof RingAway)) throw error;
			return false;
		}
	}

	#tell(): void {
		if (!this.#signal.aborted) this.#ports.channel.tell(this.#facts());
	}

	#facts(): Facts {
		const net = this.#running?.net;
		const status = net?.status;
		const { office } = this.#ports.own.account.record;
		const isOpen = this.#office === 'open' || status?.state === 'relay';
		const isSilent = this.#office === 'silent' || status?.state === 'offline';
		const connections = net?.courier.connections ?? [];
		return {
			office: isOpen ? 'open' : isSilent ? 'silent' : 'trying',
			relays: status?.relays.map((relay) => ({ ...relay })) ?? [
				{ url: office, isConnected: this.#office === 'open' }
			],
			peers: connections.map(({ address, path }) => ({ address, path })),
			obstacle: [...this.#obstacles.values()][0] ?? null
		};
	}
}

/** A message is on a connected peer's screen by then. */
const PEERS_FIRST_MS = 150;

async function* nothing(): AsyncGenerator<never> {
	yield* [];
}
