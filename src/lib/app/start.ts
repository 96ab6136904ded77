/**
 * The one composition root: builds everything once and hands out what the screens see. Nothing here
 * waits for a network; the identity is opened from storage, then one tab of the profile takes up the
 * duties (leader.ts).
 */

import { dev, version } from '$app/env';
import { systemRandom } from '../crypto/random.ts';
import type { Secret } from '../crypto/secret.ts';
import { historyOf } from '../mailbox/course.ts';
import { toEnd } from '../mailbox/thread-view.ts';
import { createAccount, type Account } from '../post/account.ts';
import type { Peers } from '../post/holders.ts';
import { RingAway, type Desk } from '../post/ports.ts';
import type { Store } from '../store/store.ts';
import { BellState, browserRinger, heedNotifications } from './bell.svelte.ts';
import { chooseOffice, readRelays } from './config.ts';
import { ConnectionState } from './connection.svelte.ts';
import { ContactsState, recognise } from './contacts.svelte.ts';
import { layDesk } from './desk.ts';
import { DraftsState } from './drafts.svelte.ts';
import type { Give } from './duties.ts';
import { FactsChannel } from './facts.ts';
import { FileLinks } from './file-links.ts';
import { flushesToMemory } from './flush.ts';
import { FoldersState } from './folders.svelte.ts';
import { LabelsState } from './labels.svelte.ts';
import { InstallingState, thisPage } from './installing.svelte.ts';
import { createCandidate } from './leader.ts';
import { MailFilesState } from './mail-files.svelte.ts';
import { MailState } from './mail.svelte.ts';
import { MeState } from './me.svelte.ts';
import { ParcelDesk } from './parcels.ts';
import { openOwnAccount, type OwnAccount } from './own-account.ts';
import { pageLife } from './page-life.ts';
import { postDraft } from './posting.ts';
import { PictureTrust } from './pictures.ts';
import { ProofChecker } from './proofs.ts';
import { ProgramState } from './program.svelte.ts';
import { RequestsState } from './requests.svelte.ts';
import { startRingWorker } from './ring-worker.ts';
import { RulesState } from './rules.svelte.ts';
import { SearchState } from './search.svelte.ts';
import { SessionState } from './session.svelte.ts';
import { Shelf } from './shelf.svelte.ts';
import { StorageState } from './storage.svelte.ts';
import { findMissing, reasonOf } from './support.ts';
import type { App } from './view.ts';
import { watchWrites } from './watched.ts';
import { linkWorker, type WorkerLink } from './worker-link.ts';

/** How long a new identity waits for a relay before it takes the first configured one, ms. */
const OFFICE_MS = 3_000;

/** To be called once, in a page. */
export function startApp(): App {
	const start = new Start();
	const missing = findMissing(globalThis);
	if (missing === null) void start.boot();
	else start.session.enter({ at: 'unsupported', reason: missing });
	return start;
}

/** What waits for its maker: verbs that are called before the identity is open wait for it too. */
class Later<T> {
	readonly promise: Promise<T>;
	#resolve: (value: T) => void = () => undefined;

	constructor() {
		this.promise = new Promise((resolve) => {
			this.#resolve = resolve;
		});
	}

	settle(value: T): void {
		this.#resolve(value);
	}
}

class Start implements App {
	readonly #desk = new Later<Desk>();
	readonly #own = new Later<OwnAccount>();
	readonly #account: Promise<Account> = this.#own.promise.then(({ account }) => account);
	readonly #shelf = new Shelf(this.#desk.promise);
	readonly #appUrl = findAppUrl(location.href);
	#peers: Peers = null;
	/** Where this tab runs the node: gives what was just written to those who are connected. */
	#give: Give = () => undefined;
	#isLeading = false;
	#worker: WorkerLink | null = null;

	readonly connection = new ConnectionState();
	readonly storage = new StorageState();
	readonly program = new ProgramState(version);
	readonly installing = new InstallingState(thisPage(), this.#appUrl);
	readonly bell = new BellState(
		this.#account.then(() => this.#desk.promise),
		browserRinger(workersOf())
	);
	readonly proofs = new ProofChecker(this.#desk.promise);
	readonly pictures = new PictureTrust(this.#desk.promise);
	readonly session = new SessionState({
		create: (name, phrase) => this.#create(name, phrase),
		accept: async (invite) => {
			await this.contacts.add(invite);
		}
	});
	readonly #parts = {
		desk: this.#desk.promise,
		account: this.#account,
		shelf: this.#shelf,
		peers: () => this.#peers
	};
	readonly parcels = new ParcelDesk(this.#parts);
	readonly mailFiles = new MailFilesState(this.#parts);
	readonly me = new MeState(this.#parts);
	readonly labels = new LabelsState(this.#parts);
	readonly rules = new RulesState(this.#parts);
	readonly folders = new FoldersState(this.#parts);
	readonly contacts = new ContactsState({ ...this.#parts, connection: this.connection });
	readonly requests = new RequestsState(this.#parts);
	readonly drafts = new DraftsState({
		...this.#parts,
		recognise: (text) => recognise(this.#shelf.people, text),
		course: (record) => this.#shelf.courseOf(record),
		history: (record) => historyOf(this.#shelf.thread(record.thread), record),
		ends: (record) => toEnd(this.#shelf.thread(record.thread)?.ends),
		send: (record) =>
			postDraft(
				{
					...this.#parts,
					inviteUrl: () => this.me.inviteUrl(),
					isOffline: () => this.connection.state === 'offline',
					onWritten: (written) => {
						this.#give(written);
						this.#worker?.drain();
					}
				},
				record
			)
	});
	readonly #files = new FileLinks(
		{
			...{ desk: this.#desk.promise, account: this.#account, appUrl: this.#appUrl },
			peers: () => this.#peers,
			isLeading: () => this.#isLeading,
			onDamaged: (ticket) => this.mail.damaged(ticket),
			workers: workersOf() ?? NO_WORKERS
		},
		systemRandom
	);
	readonly search = new SearchState(this.#parts);
	readonly mail = new MailState({
		...this.#parts,
		files: this.#files,
		drafts: this.drafts,
		isOffline: () => this.connection.state === 'offline',
		onWritten: () => this.#worker?.drain()
	});

	/** Opens storage, and the identity if there is one. */
	async boot(): Promise<void> {
		try {
			const laid = await layDesk({
				appUrl: this.#appUrl,
				startRingWorker,
				onTrouble: (trouble) => {
					if (trouble === 'gone') location.reload();
					if (trouble === 'outdated') {
						this.session.enter({ at: 'unsupported', reason: 'newer-data' });
					}
				}
			});
			const desk = watchWrites(laid.desk, () => this.storage.touched());
			const own = await untilRing(() => openOwnAccount(desk));
			this.#desk.settle(desk);
			void this.#own.promise.then((opened) => this.#serve(desk, laid.store, opened));
			await this.storage.watch(laid.store.quota, laid.store.ring);
			const isFleeting = own === null && (await endsWithWindow(laid.store.quota));
			if (own !== null) this.#own.settle(own);
			this.session.enter(own === null ? { at: 'welcome', isFleeting } : { at: 'ready' });
			void this.#shelf.shown.then(() => this.#linkWorker());
		} catch (error) {
			const reason = reasonOf(error);
			if (reason === null) throw error;
			this.session.enter({ at: 'unsupported', reason });
		}
	}

	async #create(name: string, phrase: Secret | null): Promise<void> {
		const desk = await this.#desk.promise;
		const relays = await readRelays(this.#appUrl, () => loadConfig(this.#appUrl));
		const office = await chooseOffice(relays, desk.offices, AbortSignal.timeout(OFFICE_MS));
		await createAccount(desk, { name, office, ...(phrase && { phrase }) });
		const own = await openOwnAccount(desk);
		if (own === null) throw new Error('the identity was stored and is not there');
		this.#own.settle(own);
		await Promise.all([this.#shelf.account.refresh(), this.#shelf.contacts.refresh()]);
		void this.storage.persist();
	}

	/** Everything that goes on by itself from now on. */
	#serve(desk: Desk, store: Store, own: OwnAccount): void {
		const channel = new FactsChannel('defms-facts', {
			onFacts: (facts) => this.connection.take(facts),
			onFetched: (news) => this.mail.fetched(news)
		});
		const candidate = createCandidate(navigator.locks, async (signal) => {
			this.#isLeading = true;
			// The index is brought up to date when the inbox is there.
			void this.#shelf.shown.then(() => this.search.warm());
			const { performDuties } = await import('./duties.ts');
			await performDuties(
				{
					...{ desk, own, channel, publicBlocks: store.publicBlocks },
					onPeers: (peers, give) => {
						this.#peers = peers;
						this.#give = give;
					},
					onWake: (listener) => pageLife.onWake(listener)
				},
				signal
			);
			this.#isLeading = false;
		});
		desk.store.subscribe((changed) => {
			if (changed.has('account')) void own.refresh();
		});
		pageLife.onHide(() => this.drafts.flush());
		pageLife.onLeave(() => {
			this.#worker?.leave();
			candidate.resign();
		});
		pageLife.onReturn(() => candidate.campaign());
		void this.#shelf.shown.then(() => candidate.campaign());
	}

	#linkWorker(): void {
		const workers = workersOf();
		if (dev || workers === undefined) return;
		workers.startMessages();
		heedNotifications(workers, (fragment) => {
			location.hash = fragment;
		});
		this.#worker = linkWorker(this.#appUrl, () => this.program.updateIsReady());
		this.program.link(this.#worker);
	}
}

/** Stands in where there are none: nothing is heard from it. */
const NO_WORKERS = Object.assign(new EventTarget(), { controller: null });

function workersOf(): ServiceWorkerContainer | undefined {
	return 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
}

const RING_AGAIN_MS = 500;

/** What stands under the key ring opens when that can be read again: it is away, not gone. */
async function untilRing<T>(work: () => Promise<T>): Promise<T> {
	for (;;) {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof RingAway)) throw error;
			await new Promise((resolve) => setTimeout(resolve, RING_AGAIN_MS));
		}
	}
}

/** As far as can be found out: a private window, whose mail would end with it. */
async function endsWithWindow(quota: Store['quota']): Promise<boolean> {
	return (await quota.isFleeting()) || flushesToMemory();
}

async function loadConfig(appUrl: string): Promise<unknown> {
	const response = await fetch(new URL('config.json', appUrl));
	return response.json();
}

/** Where the app lives: without fragment, query and `index.html`, with a slash at its end. */
function findAppUrl(href: string): string {
	return new URL('./', href).href;
}
