/**
 * The service worker: the app opens without a network, what was written goes to the post office after
 * the last tab closed (docs/decisions/0004-drain-after-the-last-tab.md), and files are read as streams.
 * It never touches what an office answers.
 */

import { assets, immutable, prerendered } from '$app/manifest';
import { version } from '$app/env';
import { layDesk } from './lib/app/desk.ts';
import { endDue } from './lib/mailbox/ending.ts';
import { openAccount } from './lib/post/account.ts';
import { longestHold, sendAllHeld } from './lib/post/held.ts';
import { drainOutbox } from './lib/post/outbox.ts';
import { RingAway, StorageFull } from './lib/post/ports.ts';
import { askPages, type Page } from './lib/workers/ask-pages.ts';
import { openDepartureLog, type DepartureLog } from './lib/workers/departure-log.ts';
import { FileServer } from './lib/workers/file-server.ts';
import { FILE_FOLDER } from './lib/workers/file-words.ts';
import { Leaving } from './lib/workers/leaving.ts';
import { answerRing, isRingWord, ring, type Bellman } from './lib/workers/ringing.ts';
import { ShareDesk } from './lib/workers/share-desk.ts';

declare const self: ServiceWorkerGlobalScope;

const PREFIX = 'defms-shell-';
const CACHE = `${PREFIX}${version}`;
const CONFIG = 'config.json';
const ON_DEMAND = /\/(?:pdf-viewer|openjpeg|jbig2|qcms_bg)\.[^/]+$/;

/** Everything is addressed from where the app lives: it may be any folder of any server. */
const base = new URL('./', self.location.href);
const config = new URL(CONFIG, base).href;
const page = new URL('index.html', base).href;
const files = [...immutable, ...assets, ...prerendered]
	.map(({ path }) => new URL(path.replace(/^\/+/, './'), base).href)
	// What shows PDF is large, and fetched by those who open one.
	.filter((url) => url !== config && !ON_DEMAND.test(url));
const known = new Set(files);
/** Files with a hash in their name: a tab of the version before still asks for its own. */
const hashed = new URL('_app/immutable/', base).href;

const fileFolder = new URL(FILE_FOLDER, base).href;
const fileServer = new FileServer({
	layDesk: layOwnDesk,
	askPages: (ask, signal) => askPages(listPages, ask, signal),
	now: () => Date.now()
});

const bellman: Bellman = {
	registration: self.registration,
	clients: self.clients,
	baseUrl: base.href,
	layDesk: layOwnDesk
};

const leaving = new Leaving({
	listPages: async () => (await listClients()).map(({ id }) => id),
	now: () => Date.now(),
	wait: pause
});

/** Named in the manifest. */
const shareTarget = new URL('share', base).href;
const shareDesk = new ShareDesk((token) => new URL(`#/shared/${token}`, base).href);

self.addEventListener('install', (event) => {
	event.waitUntil(install());
});

self.addEventListener('activate', (event) => {
	event.waitUntil(activate());
});

self.addEventListener('fetch', (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method === 'POST' && url.href === shareTarget) {
		const { answer, isTaken } = shareDesk.receive(request);
		event.respondWith(answer);
		event.waitUntil(isTaken); // while it is asked for, this worker is not ended
	}
	if (request.method !== 'GET') return;
	url.hash = '';
	url.search = '';
	if (url.href === page) url.href = base.href;
	if (url.href.startsWith(fileFolder)) {
		event.respondWith(fileServer.answer(request, url.href.slice(fileFolder.length)));
	} else if (url.href === config) event.respondWith(networkFirst(request));
	else if (known.has(url.href) || url.href.startsWith(hashed)) {
		event.respondWith(cacheFirst(request, url.href));
	} else if (request.mode === 'navigate') event.respondWith(elsewhere(request));
	if (request.mode === 'navigate') leaving.pageIsComing();
});

self.addEventListener('message', (event) => {
	const word: unknown = event.data;
	const source = event.source instanceof Client ? event.source.id : '';
	if (isWord(word, 'leave')) event.waitUntil(drainAfter(source));
	else leaving.pageSpeaks(source);
	if (isWord(word, 'hide')) event.waitUntil(drainWhenDue());
	if (isWord(word, 'drain')) event.waitUntil(drainSoon());
	if (isRingWord(word)) event.waitUntil(ring(bellman, word));
	if (isWord(word, 'shared')) shareDesk.hand(word, event.ports[0]);
	if (isWord(word, 'SKIP_WAITING')) event.waitUntil(self.skipWaiting());
});

self.addEventListener('notificationclick', (event) => {
	const { notification, action } = event;
	notification.close();
	event.waitUntil(answerRing(bellman, action, notification.tag));
});

// Background Sync (Chromium): the network is back. TypeScript's library does not know the event.
self.addEventListener('sync', (event: Event) => {
	if (event instanceof ExtendableEvent) event.waitUntil(drain());
});

/** All or nothing: a half-cached version would be a broken one. */
async function install(): Promise<void> {
	const cache = await caches.open(CACHE);
	await cache.addAll(files.map((url) => new Request(url, { cache: 'reload' })));
	// May be absent: then the app asks its own origin.
	await cache.add(new Request(config, { cache: 'reload' })).catch(() => undefined);
}

/**
 * A tab of the version before may still ask for one of its files, so that version's cache stays until
 * the next. The first worker takes the page that installed it at once; later ones wait for a reload.
 */
async function activate(): Promise<void> {
	const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
	const before = ours.filter((name) => name !== CACHE).slice(-1);
	const old = ours.filter((name) => name !== CACHE && !before.includes(name));
	await Promise.all(old.map((name) => caches.delete(name)));
	await self.clients.claim();
}

/** No page of ours: the server's own (`/healthz`), else the app; the browser keeps the fragment. */
async function elsewhere(request: Request): Promise<Response> {
	return fetch(request).catch(() => Response.redirect(base.href));
}

async function cacheFirst(request: Request, href: string): Promise<Response> {
	const own = await (await caches.open(CACHE)).match(href);
	return own ?? (await caches.match(href)) ?? fetchAndKeep(request, href);
}

/** What was fetched on demand is here from then on, without a network, too. */
async function fetchAndKeep(request: Request, href: string): Promise<Response> {
	const response = await fetch(request);
	if (response.ok && ON_DEMAND.test(href)) {
		const kept = response.clone();
		// A full disk keeps nothing, and shows the file all the same.
		const put = caches.open(CACHE).then((cache) => cache.put(href, kept));
		await put.catch(() => undefined);
	}
	return response;
}

async function networkFirst(request: Request): Promise<Response> {
	const cache = await caches.open(CACHE);
	try {
		const response = await fetch(request);
		if (response.ok) await cache.put(config, response.clone());
		return response;
	} catch (error) {
		const cached = await cache.match(config);
		if (cached === undefined) throw error;
		return cached;
	}
}

/** The page that has written hands it over itself, while it lives; it has the first turn. */
const GRACE_MS = 2_000;
let words = 0;

/** Once for all that is written in one go. */
async function drainSoon(): Promise<void> {
	const word = ++words;
	await pause(GRACE_MS);
	if (word === words) await drain();
}

/** With the last page, the time in which a message can be taken back is over. */
async function drainAfter(page: string): Promise<void> {
	const leaves = leaving.pageLeaves(page);
	// Somebody may be on the way: what is written does not wait for that.
	if (leaving.isSomebodyComing) await drain();
	await drain({ sendsHeld: (await leaves) ? 'all' : 'due' });
}

/** No page may be left by then. */
async function drainWhenDue(): Promise<void> {
	for (;;) {
		const { desk, close } = await layOwnDesk();
		const ms = await longestHold(desk).finally(close);
		if (ms === null) return;
		if (ms === 0) return drain();
		await pause(ms); // which may end a moment too early: hence the loop
	}
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

async function listClients(): Promise<readonly WindowClient[]> {
	return self.clients.matchAll({ type: 'window', includeUncontrolled: true });
}

async function listPages(): Promise<readonly Page[]> {
	return listClients();
}

/** Of this worker's life: its memory goes with it, unless a page has heard of it. */
let log: DepartureLog | null = null;

async function layOwnDesk() {
	log ??= openDepartureLog('worker');
	const { desk, store } = await layDesk({ appUrl: base.href, witness: log.witness });
	return { desk, close: () => store.close() };
}

/** What does not go now stays in the outbox: the page, or the next word, tries again. */
async function drain({ sendsHeld = 'due' }: { sendsHeld?: 'due' | 'all' } = {}): Promise<void> {
	const { desk, close } = await layOwnDesk();
	try {
		const account = await openAccount(desk);
		if (account === null) return;
		await endDue(desk, account); // first: what has ended does not go out
		try {
			await sendAllHeld(desk, account, { isAtOnce: sendsHeld === 'all' });
		} finally {
			await drainOutbox(desk, account); // whatever becomes of those
		}
	} catch (error) {
		// The page, or the next word, tries again.
		if (!(error instanceof StorageFull || error instanceof RingAway)) throw error;
	} finally {
		close();
	}
}

function isWord(word: unknown, type: string): boolean {
	return typeof word === 'object' && word !== null && 'type' in word && word.type === type;
}
