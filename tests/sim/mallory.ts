/**
 * A member with a patched program: it sends to each of the others, in a thread that it shares with them,
 * what the format allows and honesty does not. What it writes bears the mark of nobody's mail.
 */

import type { CID } from 'multiformats/cid';
import { Secret } from '../../src/lib/crypto/secret.ts';
import { threadPorts } from '../../src/lib/post/account.ts';
import { receive } from '../../src/lib/post/receive.ts';
import { createRecipient } from '../../src/lib/post/recipient.ts';
import type { ThreadRecord } from '../../src/lib/post/records.ts';
import { loadReplica } from '../../src/lib/post/replicas.ts';
import { creatorOf } from '../../src/lib/threads/members.ts';
import type { ThreadState } from '../../src/lib/threads/thread.ts';
import { cidOfObject, encodePlain } from '../../src/lib/wire/codec.ts';
import { entryIdOf, headerDecoder, type EntryBundle } from '../../src/lib/wire/entry.ts';
import {
	cidToEntryId,
	idToCid,
	rootKeyToAddress,
	type Address,
	type ThreadId
} from '../../src/lib/wire/ids.ts';
import { forgeEntry, placeToForge, type Forger, type Forgery } from '../threads/forge.ts';
import type { Dice } from './dice.ts';
import type { Member, Process } from './member.ts';
import { FORGED } from './plaintext.ts';
import type { Town } from './town.ts';

/** What one blow has to work with. */
interface Blow {
	readonly town: Town;
	readonly dice: Dice;
	readonly state: ThreadState;
	/** Of other threads of this member. */
	readonly foreign: readonly CID[];
	readonly forge: (forgery?: Forgery) => Promise<EntryBundle>;
}

/** For each victim in turn; the last again for those who come after. */
type Sent = readonly (readonly EntryBundle[])[];

const YEAR_9999_MS = Date.UTC(9999, 11, 31);
/** Tiny entries in one blow: more than a batch of a session. */
const MANY = 150;

const BLOWS: Readonly<Record<string, (blow: Blow) => Promise<Sent>>> = {
	'signs with another key': async ({ town, dice, forge }) => {
		const { suite } = town;
		return [[await forge({ writer: await suite.signer(new Secret(dice.bytes(32))) })]];
	},
	'writes two texts under one id': async ({ dice, forge }) => {
		const id = dice.bytes(16);
		return [[await forge({ body: { id } })], [await forge({ body: { id } })]];
	},
	'names a parent that nobody has': async ({ town, dice, forge }) => {
		const parent = cidOfObject(encodePlain({ never: dice.bytes(8) }));
		town.ledger.invented.add(cidToEntryId(parent));
		return [[await forge({ parents: [parent] })]];
	},
	'names a parent in another thread': async ({ town, foreign, forge }) => {
		for (const cid of foreign) town.ledger.invented.add(cidToEntryId(cid));
		return [[await forge({ parents: foreign.slice(0, 1) })]];
	},
	'names a parent twice': async ({ state, forge }) => {
		const parents = state.heads.map(idToCid);
		return [[await forge({ parents: [...parents, ...parents] })]];
	},
	'names no epoch of the thread': async ({ dice, forge }) => [
		[await forge({ header: { epoch: cidOfObject(encodePlain({ no: dice.bytes(8) })) } })]
	],
	'writes in the year 9999': async ({ forge }) => {
		const clock = new Uint8Array(8);
		new DataView(clock.buffer).setBigUint64(0, BigInt(YEAR_9999_MS) << 16n);
		return [[await forge({ body: { clock } })]];
	},
	'gives one header two bodies': async ({ dice, forge }) => {
		const bundle = await forge();
		const body = dice.bytes(bundle.body?.length ?? 64);
		return [[{ ...bundle, body }, bundle], [bundle, { ...bundle, body }], [{ ...bundle, body }]];
	},
	'flips bits': async ({ town, dice, forge }) => {
		const { header, body, wraps } = await forge();
		const flipped = flip(dice, header);
		const decoded = headerDecoder.decode(flipped);
		// It may name another parent now.
		const parents = decoded.ok ? decoded.value.parents : [];
		for (const parent of parents) town.ledger.invented.add(cidToEntryId(parent));
		const bodies = { header, body: flip(dice, body), wraps };
		return [[{ header: flipped, body, wraps }, bodies]];
	},
	'sends noise': async ({ dice }) => [
		[{ header: dice.bytes(300), body: dice.bytes(300), wraps: [dice.bytes(300)] }]
	],
	'speaks for another': async ({ dice, forge }) => [
		[await forge({ body: { writer: dice.bytes(32) } })]
	],
	'sends a kind of its own': async ({ forge }) => [[await forge({ body: { t: 'mallory' } })]],
	'archives what nobody wrote': async ({ dice, forge }) => [
		[await forge({ body: { t: 'archive', messages: [{ root: dice.bytes(32), mail: {} }] } })]
	],
	'sends many': async ({ forge }) => [
		await Promise.all(Array.from({ length: MANY }, () => forge({ body: { t: 'tiny' } })))
	]
};

const LIE = 'says that others are out, and that they have no bodies';

/** One blow against everybody in one of its threads. */
export async function strike(town: Town, dice: Dice, process: Process, mallory: Member) {
	const { desk, own } = process;
	const rows = (await desk.store.list('thread')).filter(
		({ members }) => members.length > 1 && members.some((each) => each === mallory.address)
	);
	if (rows.length === 0) return;
	const { id, members } = dice.pick(rows.sort((a, b) => (a.id < b.id ? -1 : 1)));
	const replica = await loadReplica(desk, own.account, id);
	if (replica === null) return;
	const { state } = replica;
	if (placeToForge(state) === null) return;
	const name = dice.pick([...Object.keys(BLOWS), LIE]);
	if (name === LIE) return lie(town, mallory, id, { members, state, dice });
	const foreign = rows.filter((row) => row.id !== id).map((row) => idToCid(row.id));
	const forger = { ports: threadPorts(desk), me: own.account.me, open: state };
	const forge = (forgery?: Forgery) => forgeText(forger, forgery);
	const sent = (await BLOWS[name]?.({ town, dice, state, foreign, forge })) ?? [];
	town.ledger.isAttacked = true;
	// Who was to have the right bytes of it may be away: nobody can be asked for them then.
	for (const { header } of sent.flat()) town.ledger.invented.add(entryIdOf(header));
	town.world.note(`${mallory.name} ${name} in ${id}`);
	const victims = town.members.filter(
		(each) => each !== mallory && members.some((address) => address === each.address)
	);
	// It knows its own words: others build on those that are valid, and it lives on among them.
	hand(town, mallory, mallory, id, sent.flat());
	for (const [i, victim] of victims.entries()) {
		hand(town, mallory, victim, id, sent[i % sent.length] ?? []);
	}
}

/** As if whoever may remove had removed them: nobody is out by its word. */
function lie(
	town: Town,
	mallory: Member,
	id: ThreadId,
	{ members, state, dice }: Pick<ThreadRecord, 'members'> & Pick<Blow, 'state' | 'dice'>
): void {
	const [from, creator] = [mallory.address, creatorOf(state)];
	const by = creator && rootKeyToAddress(creator);
	if (from === null || by === null || by === from) return;
	const epoch = cidToEntryId(cidOfObject(encodePlain({ no: dice.bytes(8) })));
	town.world.note(`${mallory.name} ${LIE} in ${id}`);
	const isThere = (address: Address | null) => members.some((each) => each === address);
	for (const victim of town.members.filter((one) => one !== mallory && isThere(one.address))) {
		victim.act(
			`hear ${mallory.name}'s lie`,
			async ({ desk, own }) => {
				const recipient = createRecipient(desk, own.account, HOOKS);
				await recipient.parted(from, id, { epoch, by });
				await recipient.tookBare(from, id, await recipient.entryIdsFor(from, id));
			},
			'leader'
		);
	}
}

const HOOKS = { onReceived: () => undefined, onConnections: () => undefined };

async function forgeText(forger: Forger, forgery: Forgery = {}): Promise<EntryBundle> {
	const { ports, me } = forger;
	const mail = {
		...{ from: { root: me.root, name: 'mallory' }, to: [], cc: [], subject: FORGED },
		...{ date: ports.now(), text: FORGED, attachments: [], answers: [] }
	};
	return forgeEntry(forger, { ...forgery, body: { mail, ...forgery.body } });
}

/** As a peer's session hands on what came. */
function hand(
	town: Town,
	mallory: Member,
	victim: Member,
	id: ThreadId,
	bundles: readonly EntryBundle[]
): void {
	const from = mallory.address;
	if (from === null) return;
	victim.act(
		`take what ${mallory.name} sends`,
		async ({ desk, own }) => {
			const admission = { from, mayBegin: true, makesContact: false };
			const { refused } = await receive(desk, own.account, admission, bundles);
			const reasons = [...new Set(refused.map(({ reason }) => reason))].join();
			town.world.note(`${victim.name} refuses ${refused.length} in ${id}: ${reasons}`);
			const counted = await desk.store.list('refusal');
			if (!refused.every(({ reason }) => counted.some((row) => row.reason === reason))) {
				throw new Error('a refusal that is not counted');
			}
		},
		'leader'
	);
}

function flip(dice: Dice, bytes: Uint8Array | null): Uint8Array {
	const flipped = Uint8Array.from(bytes ?? []);
	const at = dice.below(flipped.length);
	flipped[at] = (flipped[at] ?? 0) ^ (1 << dice.below(8));
	return flipped;
}
