/**
 * The one composition root: builds everything once and hands out what the screens see. Nothing here
 * waits for a network; the identity is opened from storage, then one tab of the profile takes up the
 * duties (leader.ts).
 */

import { dev, version } from '$app/env';
import { systemRandom } from '../crypto/random.ts';
import type { Secret } from '../crypto/secret.ts';
import { historyOf } from '../mailbox/course.ts';
import { toEnd } from '../mailbox/end.ts';
import type { Account } from '../post/account.ts';
import type { Peers } from '../post/holders.ts';
import { RingAway, type Desk } from '../post/ports.ts';
import { createStore, type Store } from '../store/store.ts';
import { BellState, browserRinger } from './bell.svelte.ts';
import { createBreath } from './breath.ts';
import { CardFilesDesk } from './card-files.ts';
import { ConnectionState } from './connection.svelte.ts';
import { ContactsState, recognise } from './contacts.svelte.ts';
import { DeparturesState } from './departures.svelte.ts';
import { DraftsState } from './drafts.svelte.ts';
import type { Give } from './duties.ts';
import type { FileLinks } from './file-links.ts';
import { flushesToMemory } from './flush.ts';
import { FoldersState } from './folders.svelte.ts';
import { GroupsState } from './groups.svelte.ts';
import { LabelsState } from './labels.svelte.ts';
import { LettersState } from './letters.svelte.ts';
import { InstallingState, thisPage } from './installing.svelte.ts';
import { createCandidate } from './leader.ts';
import { MailFilesState } from './mail-files.svelte.ts';
import { MailState } from './mail.svelte.ts';
import { MeState } from './me.svelte.ts';
import { checkLater, packLater } from './later.ts';
import type { OwnAccount } from './own-account.ts';
import { pageLife } from './page-life.ts';
import { PeopleState } from './people.svelte.ts';
import type { PostingPorts } from './posting.ts';
import { PhraseShelf } from './phrases.ts';
import { PictureTrust } from './pictures.ts';
import { ProgramState } from './program.svelte.ts';
import { RequestsState } from './requests.svelte.ts';
import { startRingWorker } from './ring-worker.ts';
import { startWriter } from './writer-worker.ts';
import { RulesState } from './rules.svelte.ts';
import { SearchState } from './search.svelte.ts';
import { toSendProblem } from './send-problem.ts';
import { SessionState } from './session.svelte.ts';
import { Shelf, type ReadingDesk } from './shelf.svelte.ts';
import { StorageState } from './storage.svelte.ts';
import { story } from './story.ts';
import { TourState } from './tour.svelte.ts';
import { findMissing, reasonOf } from './support.ts';
import { TemplatesState } from './templates.svelte.ts';
import type { App } from './view.ts';
import { watchWrites } from './watched.ts';
import type { WorkerLink } from './worker-link.ts';

/** How long a new identity waits for a relay before it takes the first configured one, ms. */
const OFFICE_MS = 3_000;

type Story = Awaited<ReturnType<typeof story>>;

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
	/** Storage alone: enough for the first screen. */
	readonly #rows = new Later<ReadingDesk>();
	readonly #desk = new Later<Desk>();
	readonly #own = new Later<OwnAccount>();
	readonly #account: Promise<Account> = this.#own.promise.then(({ account }) => account);
	readonly #shelf = new Shelf(this.#rows.promise);
	readonly #appUrl = findAppUrl(location.href);
	readonly shown = this.#shelf.shown;
	#peers: Peers = null;
	/** Where this tab runs the node: gives what was just written to those who are connected. */
	#give: Give = () => undefined;
	#isLeading = false;
	#worker: WorkerLink | null = null;
	#files: FileLinks | null = null;

	readonly connection = new ConnectionState();
	readonly storage = new StorageState();
	readonly program = new ProgramState(version);
	readonly installing = new InstallingState(thisPage(), this.#appUrl);
	readonly bell = new BellState(
		this.#account.then(() => this.#desk.promise),
		browserRinger(workersOf())
	);
	readonly departures = new DeparturesState();
	readonly proofs = checkLater(this.#desk.promise);
	readonly pictures = new PictureTrust(this.#desk.promise);
	readonly phrases = new PhraseShelf(this.#desk.promise);
	readonly tour = new TourState(this.#desk.promise);
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
	readonly parcels = packLater(this.#parts);
	readonly mailFiles = new MailFilesState(this.#parts);
	readonly me = new MeState(this.#parts);
	readonly labels = new LabelsState(this.#parts);
	readonly rules = new RulesState(this.#parts);
	readonly folders = new FoldersState(this.#parts);
	readonly groups = new GroupsState(this.#parts);
	readonly templates = new TemplatesState(this.#parts);
	readonly people = new PeopleState(this.#parts);
	readonly cardFiles = new CardFilesDesk(this.#parts);
	readonly contacts = new ContactsState({ ...this.#parts, connection: this.connection });
	readonly requests = new RequestsState(this.#parts);
	readonly #posting: PostingPorts = {
		...this.#parts,
		inviteUrl: () => this.me.inviteUrl(),
		isOffline: () => this.connection.state === 'offline',
		onWritten: (written) => {
			this.#give(written);
			this.#worker?.drain();
		}
	};
	readonly drafts = new DraftsState({
		...this.#parts,
		recognise: (text) => recognise(this.#shelf.people, text, this.#shelf.usage),
		course: (record) => this.#shelf.courseOf(record),
		history: (record) => historyOf(this.#shelf.thread(record.thread), record),
		ends: (record) => toEnd(this.#shelf.thread(record.thread)?.ends),
		send: async (record, letter) => (await story()).postDraft(this.#posting, record, letter),
		problemOf: async (record) => (await story()).checkDraft(this.#posting, record),
		postHeld: async (id, options) => (await story()).postHeld(this.#posting, id, options),
		explain: (problem) => toSendProblem(problem, this.connection.state === 'offline')
	});
	readonly letters = new LettersState({
		...this.#parts,
		begin: async (name) => {
			if (this.session.phase.at === 'welcome') await this.session.begin(name, null);
		},
		onWritten: () => this.#worker?.drain()
	});
	readonly search = new SearchState(this.#parts);
	readonly mail = new MailState({
		...this.#parts,
		files: { urlOf: (ticket, name) => this.#files?.urlOf(ticket, name) ?? null },
		drafts: this.drafts,
		listing: (messageId) => this.people.listing(messageId),
		isOffline: () => this.connection.state === 'offline',
		onWritten: () => this.#worker?.drain()
	});

	/** What the first screen needs of storage; when that is painted, all the rest. */
	async boot(): Promise<void> {
		try {
			const store = createStore({
				suite: async () => (await story()).createSuite(),
				startRingWorker,
				startWriter,
				onTrouble: (trouble) => {
					if (trouble === 'gone') location.reload();
					if (trouble === 'outdated') {
						this.session.enter({ at: 'unsupported', reason: 'newer-data' });
					}
				}
			});
			const written = () => this.storage.touched();
			const kept = watchWrites({ store: store.mail, blocks: store.blocks }, written);
			this.#rows.settle({ store: kept.store, breathe: createBreath(), now: () => Date.now() });
			const isNew = (await kept.store.get('account', [])) === null;
			if (!isNew) this.session.enter({ at: 'ready' });
			else this.session.enter({ at: 'welcome', isFleeting: false });
			await (isNew ? this.session.welcomed : this.#shelf.shown);
			await this.storage.watch(store.quota, store.ring);
			if (isNew && (await endsWithWindow(store.quota))) this.session.warn();
			await this.#layDesk(store, kept);
		} catch (error) {
			const reason = reasonOf(error);
			if (reason === null) throw error;
			this.session.enter({ at: 'unsupported', reason });
		}
	}

	/** Opens the identity if there is one. */
	async #layDesk(store: Store, kept: Pick<Desk, 'store' | 'blocks'>): Promise<void> {
		const parts = await untilThere(story);
		const { witness } = this.departures;
		const laid = await parts.layDesk({ appUrl: this.#appUrl, store, witness });
		const desk = { ...laid.desk, ...kept };
		const own = await untilRing(() => parts.openOwnAccount(desk));
		this.#desk.settle(desk);
		void this.#own.promise.then((opened) => this.#serve(desk, store, opened, parts));
		if (own !== null) this.#own.settle(own);
		this.#files = this.#linkFiles(parts);
		this.#linkWorker(parts);
	}

	async #create(name: string, phrase: Secret | null): Promise<void> {
		const desk = await this.#desk.promise;
		const { chooseOffice, createAccount, openOwnAccount, readRelays } = await story();
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
	#serve(desk: Desk, store: Store, own: OwnAccount, parts: Story): void {
		const channel = new parts.FactsChannel('defms-facts', {
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
					...{ desk, own, channel, database: store.database, reserve: store.reserve },
					witness: this.departures.witness,
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
		pageLife.onHide(() => this.people.flush());
		pageLife.onHide(() => {
			this.drafts.flush();
			// A phone may end the page without a further word.
			if (this.drafts.isAnyHeld) this.#worker?.hide();
		});
		pageLife.onLeave(() => {
			this.#worker?.leave();
			candidate.resign();
		});
		pageLife.onReturn(() => candidate.campaign());
		candidate.campaign();
	}

	#linkFiles({ FileLinks: Links }: Story): FileLinks {
		return new Links(
			{
				...{ desk: this.#desk.promise, account: this.#account, appUrl: this.#appUrl },
				peers: () => this.#peers,
				isLeading: () => this.#isLeading,
				onDamaged: (ticket) => this.mail.damaged(ticket),
				workers: workersOf() ?? NO_WORKERS
			},
			systemRandom
		);
	}

	#linkWorker({ heedNotifications, linkWorker }: Story): void {
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
const LOAD_AGAIN_MS = 2_000;

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

/** What the page asks for behind itself comes when there is a network; a worker has it at once. */
async function untilThere<T>(load: () => Promise<T>): Promise<T> {
	for (;;) {
		try {
			return await load();
		} catch (error) {
			reportError(error);
			await new Promise((resolve) => setTimeout(resolve, LOAD_AGAIN_MS));
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
