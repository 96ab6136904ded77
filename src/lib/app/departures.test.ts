/** The desk that pages and the worker lay: what its offices are asked, the witness is told first. */
import { afterEach, expect, test, vi } from 'vitest';
import { nobleSuite } from '../crypto/noble.ts';
import { Secret } from '../crypto/secret.ts';
import type { Departure } from '../net/departures.ts';
import type { Office, OfficeAccount } from '../post/ports.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { utf8 } from '../wire/bytes.ts';
import { cidToBlockId, cidToEntryId, rootKeyToAddress } from '../wire/ids.ts';
import { layDesk } from './desk.ts';

const TERMS = {
	...{ version: 1, office: '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo', addresses: [] },
	...{ stun: [], publicUrl: 'https://post.example', boot: 'b1', register: 'open', quotaBytes: 1 },
	...{ noticesPerMinute: 1, keptDays: 1 }
};
const device = await nobleSuite.signer(new Secret(new Uint8Array(32).fill(3)));
const account: OfficeAccount = { root: new Uint8Array(32).fill(7), device };
const alice = rootKeyToAddress(new Uint8Array(32).fill(7));
const data = utf8('sealed');
const cid = cidOfRaw(data);
const block = { v: 1, t: 'block', cid, data } as const;
const bytes = new Uint8Array(32);
const send = {
	...{ url: 'https://other.example', slot: bytes, knock: bytes, sealed: bytes },
	keeps: { cids: [], entries: [], bytes: 0, until: 0 }
};

/** Each verb of the port, and what the witness must say of it. */
const VERBS: Record<
	keyof Office,
	{ readonly ask: (office: Office) => unknown; readonly what: string; readonly pieces?: number }
> = {
	terms: { ask: (office) => office.terms(), what: 'terms' },
	publish: { ask: (office) => office.publish(alice, data), what: 'publish-card' },
	find: { ask: (office) => office.find(alice), what: 'find-card' },
	enrol: { ask: (office) => office.enrol(account, device.sign), what: 'enrol' },
	keep: {
		ask: (office) => office.keep(account, [block, block]),
		what: 'keep',
		pieces: 2
	},
	missing: {
		ask: (office) => office.missing(account, [cidToBlockId(cid)]),
		what: 'missing',
		pieces: 1
	},
	fetch: { ask: (office) => drain(office.fetch([cidToBlockId(cid)])), what: 'fetch', pieces: 1 },
	release: {
		ask: (office) => office.release(account, [cidToBlockId(cid)]),
		what: 'release',
		pieces: 1
	},
	ancestors: {
		ask: (office) => drain(office.ancestors([cidToEntryId(cid)], [])),
		...{ what: 'ancestors', pieces: 1 }
	},
	openSlots: {
		ask: (office) => office.openSlots(account, [bytes, bytes, bytes], { isPublic: false }),
		...{ what: 'open-slots', pieces: 3 }
	},
	allowToken: {
		ask: (office) => office.allowToken(account, { hash: bytes, uses: 1, until: 1 }),
		what: 'allow-invite'
	},
	send: { ask: (office) => office.send(account, send as never), what: 'knock' },
	pending: { ask: (office) => office.pending(account), what: 'ask-sends' },
	forget: { ask: (office) => office.forget(account, [bytes]), what: 'forget', pieces: 1 },
	events: { ask: (office) => drain(office.events(account, { once: true })), what: 'listen' },
	deleteNotices: {
		ask: (office) => office.deleteNotices(account, [bytes]),
		...{ what: 'delete-notices', pieces: 1 }
	},
	done: { ask: (office) => office.done({ done: bytes, hash: bytes }), what: 'confirm' }
};

async function drain(items: AsyncIterable<unknown>): Promise<void> {
	for await (const _ of items);
}

afterEach(() => vi.unstubAllGlobals());

async function officeWithWitness() {
	/** In one list, so that what comes first is seen. */
	const happened: (Departure | 'fetched')[] = [];
	vi.stubGlobal('fetch', async (url: string) => {
		happened.push('fetched');
		return url.endsWith('defms.json') ? Response.json(TERMS) : new Response(null, { status: 204 });
	});
	const { desk } = await layDesk({
		...{ appUrl: 'https://app.example/', store: NO_STORE },
		witness: (departure) => void happened.push(departure)
	});
	return { office: desk.offices('https://post.example/base/'), happened };
}

/** No verb of an office reads storage. */
const NO_STORE = { mail: {}, blocks: {}, keys: {}, ring: {} } as never;

test.each(Object.entries(VERBS))('%s: the witness is told before it leaves', async (_, verb) => {
	const { office, happened } = await officeWithWitness();
	await Promise.resolve(verb.ask(office)).catch(() => undefined); // the empty answer may not do
	const told = happened.filter((one) => one !== 'fetched');
	expect(told.length).toBeGreaterThan(0);
	expect(happened).toEqual(told.flatMap((departure) => [departure, 'fetched']));
	const last = told.find((one) => one.kind === 'request' && one.what !== 'terms') ?? told[0];
	expect(last).toMatchObject({ kind: 'request', what: verb.what, to: 'https://post.example/base' });
	expect(last).toMatchObject({ pieces: verb.pieces ?? null });
});

test('no verb of an office is missing here', async () => {
	const { office } = await officeWithWitness();
	const verbs = Object.getOwnPropertyNames(Object.getPrototypeOf(office));
	expect(verbs.filter((name) => name !== 'constructor').sort()).toEqual(Object.keys(VERBS).sort());
});

test('a knock says where to, a signed request that it is signed, and no body is kept', async () => {
	const { office, happened } = await officeWithWitness();
	await office.send(account, send as never).catch(() => undefined);
	const knock = happened.at(-2);
	expect(knock).toMatchObject({ via: 'https://other.example', isSigned: true });
	expect(
		Object.values(knock ?? {}).every((value) => typeof value !== 'object' || value === null)
	).toBe(true);
	await office.done({ done: bytes, hash: bytes });
	expect(happened.at(-2)).toMatchObject({ what: 'confirm', isSigned: false });
});
