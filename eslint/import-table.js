/**
 * Who may import whom: the table of ARCHITECTURE.md as data. `import type` is free everywhere,
 * because a type leaves no trace in what runs.
 */

/**
 * An area's own folder is always allowed. An entry is an area ("wire") or a file or folder below
 * one ("trust/stamp": `trust/stamp.ts` and everything under `trust/stamp/`).
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const MAY_IMPORT = {
	wire: [],
	crypto: ['wire'],
	identity: ['wire', 'crypto'],
	trust: ['wire', 'crypto'],
	threads: ['wire', 'crypto'],
	post: ['wire', 'crypto', 'identity', 'trust', 'threads'],
	search: ['wire', 'post'],
	mailbox: ['wire', 'threads', 'trust', 'post', 'search'],
	exchange: ['wire', 'threads', 'post', 'mailbox'],
	store: ['wire', 'crypto', 'post/ports', 'mailbox/ports'],
	net: ['wire', 'crypto', 'identity', 'threads/print', 'threads/reconcile', 'post/ports'],
	app: [
		'wire',
		'crypto',
		'identity',
		'trust',
		'threads',
		'post',
		'search',
		'mailbox',
		'exchange',
		'store',
		'net',
		'workers'
	],
	words: [],
	ui: ['app', 'words'],
	routes: ['app', 'ui', 'words'],
	// What they run of post and mailbox brings its own imports; libp2p and Helia stay outside.
	'service-worker': [
		'wire',
		'crypto',
		'store',
		'post',
		'mailbox',
		'net/office',
		'app/desk',
		'workers'
	],
	workers: ['wire', 'crypto', 'store', 'post', 'search', 'mailbox', 'exchange'],
	// Nothing that opens, seals or holds a secret key.
	relay: ['wire', 'crypto/verify', 'crypto/sha', 'trust/stamp', 'identity/chain'],
	gateway: [
		'wire',
		'crypto',
		'identity',
		'trust',
		'threads',
		'post',
		'search',
		'mailbox',
		'exchange',
		'store',
		'net',
		'relay'
	]
};

/**
 * Where each area's files lie, seen from the repository. The first match counts.
 * @type {readonly (readonly [prefix: string, area: string])[]}
 */
export const AREAS = [
	['src/service-worker', 'service-worker'],
	['src/routes/', 'routes'],
	...Object.keys(MAY_IMPORT).map(
		(area) =>
			/** @type {const} */ ([
				area === 'relay' || area === 'gateway' ? `${area}/` : `src/lib/${area}/`,
				area
			])
	)
];

/**
 * Packages that only some areas may import: where a technology is used is a design decision.
 * A package that is not listed is free.
 * @type {readonly { packages: RegExp, areas: readonly string[], why: string }[]}
 */
export const PACKAGES = [
	{ packages: /^idb$/, areas: ['store'], why: 'store is the only user of IndexedDB' },
	{
		packages: /^(libp2p|helia|@libp2p\/.*|@helia\/.*|@chainsafe\/.*)$/,
		areas: ['net', 'relay', 'gateway'],
		why: 'net is the only user of libp2p and Helia in the app'
	},
	{
		packages: /^(svelte|svelte\/.*|virtua|@lucide\/.*|\$app\/.*)$/,
		areas: ['app', 'ui', 'routes', 'service-worker'],
		why: 'what is not screen runs without a screen'
	},
	{
		packages: /^(node:.*|pino|prom-client)$/,
		areas: ['relay', 'gateway'],
		why: 'everything under src runs in a browser'
	},
	{
		// Hashing is free: it has no key, and large files are hashed piece by piece where they pass.
		packages: /^(@noble\/(?!hashes).*|hpke|@panva\/.*|@scure\/.*)$/,
		areas: ['crypto', 'identity'],
		why: 'one door hides which implementation of a primitive runs'
	}
];
