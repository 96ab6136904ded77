/** One's own identity on this device: made, opened for use, renewed (protocol §2). */

import { Secret } from '../crypto/secret.ts';
import type { Reader, Sender } from '../crypto/envelope.ts';
import type { Agreement, Signer, Suite } from '../crypto/suite.ts';
import { createCard } from '../identity/card.ts';
import { verifyCard } from '../identity/chain.ts';
import { createPhrase, deriveRootSeed } from '../identity/phrase.ts';
import { createPrekey, type PrekeySecrets } from '../identity/prekey.ts';
import { createRootRecord } from '../identity/root.ts';
import { nextSequence } from '../identity/sequence.ts';
import type { CheckIdentity, Me, ThreadPorts, VerifiedIdentity } from '../threads/thread.ts';
import { utf8 } from '../wire/bytes.ts';
import { cidOfObject } from '../wire/codec.ts';
import { cardDecoder, type Card } from '../wire/identity.ts';
import { addressToRootKey, cidToBlockId, keyToPeerName, rootKeyToAddress } from '../wire/ids.ts';
import { LABELS, labelled } from '../wire/labels.ts';
import { LIMITS } from '../wire/limits.ts';
import { encodeObject } from '../wire/office.ts';
import { putAccount, replaceAccount } from './account-row.ts';
import { keepPrekeys, openPrekeys } from './kept-prekeys.ts';
import type { Desk, Ground } from './ports.ts';
import type { AccountRecord, PrekeyRecord } from './records.ts';
import { putSlot, slotIdOf } from './registration.ts';

/** The account with its keys loaded. */
export interface Account {
	readonly record: AccountRecord;
	readonly root: Uint8Array;
	readonly card: Card;
	readonly cardSigner: Signer;
	readonly auth: Agreement;
	readonly me: Me;
	/** For envelopes to others, and from them. */
	readonly sender: Sender;
	readonly reader: Reader;
	/** What a directory takes. */
	readonly bundle: Uint8Array;
}

export interface NewAccount {
	/** Cut to 64 bytes. */
	readonly name: string;
	/** Base URL of the post office; empty: none. */
	readonly office: string;
	/** Of the words, to get an address back; without it a new one is drawn. */
	readonly phrase?: Secret;
}

/**
 * Makes the identity and stores it; the new row. A profile has one: where another tab has made it
 * meanwhile, its row. Throws where that is another one than the words name.
 */
export async function createAccount(desk: Desk, fields: NewAccount): Promise<AccountRecord> {
	const phrase = fields.phrase ?? createPhrase(desk.random);
	const root = await desk.suite.signer(await deriveRootSeed(desk.suite, phrase, 0));
	return desk.exclusive('account', async () => {
		const there = await desk.store.get('account', []);
		if (there === null) return makeAccount(desk, fields, phrase, root);
		const isMeant =
			fields.phrase === undefined || there.address === rootKeyToAddress(root.publicKey);
		if (!isMeant) throw new Error('this profile has another identity');
		return there;
	});
}

async function makeAccount(
	desk: Desk,
	fields: NewAccount,
	phrase: Secret,
	root: Signer
): Promise<AccountRecord> {
	const { suite, random, now } = desk;
	const cardSeed = random(32);
	const cardKey = await suite.signer(new Secret(cardSeed));
	const sequence = nextSequence(null, now());
	const publicSlot = random(32);
	const record = await createRootRecord(suite, root, { seq: sequence, card: cardKey.publicKey });
	const keys = {
		cardSeed,
		authSeed: random(32),
		joinSecret: random(32),
		writerSecret: random(32),
		peerSeed: random(32)
	};
	const peerKey = await suite.signer(new Secret(keys.peerSeed));
	const base = {
		...keys,
		name: fitName(fields.name),
		address: rootKeyToAddress(root.publicKey),
		entropy: Uint8Array.from(phrase.reveal()),
		peer: keyToPeerName(peerKey.publicKey),
		prekeys: [],
		record,
		pair: { rootSeq: sequence, seq: 0 },
		publicSlot,
		office: fields.office,
		createdAt: now()
	};
	const account = await withNewCard(desk, base, { isNewPrekey: true });
	const slot = { secret: publicSlot, kind: 'public', of: '', isRegistered: false } as const;
	await desk.store.commit([putAccount(account), putSlot(slot)]);
	return account;
}

type Unsigned = Omit<AccountRecord, 'card' | 'xwing'> &
	Partial<Pick<AccountRecord, 'card' | 'xwing'>>;

/** The account with its next card, signed. */
export async function withNewCard(
	desk: Desk,
	account: Unsigned,
	{ isNewPrekey }: { readonly isNewPrekey: boolean }
): Promise<AccountRecord> {
	const { suite, random, now } = desk;
	const cardKey = await suite.signer(new Secret(Uint8Array.from(account.cardSeed)));
	const auth = await suite.agreement(new Secret(Uint8Array.from(account.authSeed)));
	const old = account.card === undefined ? null : cardDecoder.decode(account.card);
	const made = isNewPrekey || old?.ok !== true ? await createPrekey(suite, random, now()) : null;
	const prekey = made?.prekey ?? (old?.ok === true ? old.value.prekey : undefined);
	const xwing = made?.xwing ?? account.xwing;
	if (prekey === undefined || xwing === undefined) throw new Error('a card needs a prekey');
	const pair = { ...account.pair, seq: nextSequence(account.pair.seq, now()) };
	const office = { url: account.office, slot: slotIdOf(account.publicSlot) };
	const card = await createCard(suite, cardKey, {
		root: addressToRootKey(account.address),
		pair,
		name: account.name,
		auth: auth.publicKey,
		prekey,
		offices: account.office === '' ? [] : [office],
		policy: 'open'
	});
	const prekeys = made === null ? [] : [toPrekeyRecord(made.secrets, account.office, now())];
	const all = await keepPrekeys(desk, [...prekeys, ...account.prekeys]);
	return { ...account, pair, card, xwing, prekeys: all };
}

/** Who has no office hands the card out with what it sends: it is public from now on. */
function toPrekeyRecord(
	{ id, kemSeed, dhSeed }: PrekeySecrets,
	office: string,
	madeMs: number
): PrekeyRecord {
	const seeds = { kemSeed: kemSeed.reveal(), dhSeed: dhSeed.reveal() };
	return { id, ...seeds, madeMs, ...(office === '' && { publishedMs: madeMs }) };
}

/** `null` where no identity was made in this profile yet. */
export async function openAccount(desk: Desk): Promise<Account | null> {
	const record = await desk.store.get('account', []);
	return record === null ? null : loadAccount(desk, record);
}

async function loadAccount(desk: Desk, record: AccountRecord): Promise<Account> {
	const { suite } = desk;
	const card = cardDecoder.decode(record.card);
	if (!card.ok) throw new Error(`own card: ${card.reason}`);
	const root = addressToRootKey(record.address);
	const auth = await suite.agreement(toSecret(record.authSeed));
	const prekeys = await openPrekeys(desk, record.prekeys);
	const { record: recordBytes, card: cardBytes, xwing, pair, peer } = record;
	return {
		record,
		root,
		card: card.value,
		cardSigner: await suite.signer(toSecret(record.cardSeed)),
		auth,
		me: {
			root,
			record: recordBytes,
			card: cardBytes,
			xwing,
			auth,
			prekeys,
			joinSecret: toSecret(record.joinSecret),
			writer: (salt) => writerKey(suite, record, salt),
			peer
		},
		sender: { root, pair, authentication: auth },
		reader: { root, prekeys },
		bundle: encodeObject('bundle', { record: recordBytes, card: cardBytes, xwing })
	};
}

async function writerKey(suite: Suite, record: AccountRecord, salt: Uint8Array): Promise<Signer> {
	const secret = toSecret(record.writerSecret);
	return suite.signer(await suite.hkdf(secret, labelled(LABELS.writerKey, salt), 32));
}

function toSecret(bytes: Uint8Array): Secret {
	return new Secret(Uint8Array.from(bytes));
}

/** What threads/ needs of the world, from what lies on the desk. */
export function threadPorts({ suite, random, now }: Ground): ThreadPorts {
	return { suite, random, now, checkIdentity: identityChecker(suite) };
}

/** A member's card comes with every epoch of every thread, and is checked where we make one ourselves. */
const MAX_CHECKED = 1_000;
const checkers = new WeakMap<Suite, CheckIdentity>();

/** Remembers verdicts by the bytes: on them alone they depend. */
function identityChecker(suite: Suite): CheckIdentity {
	const known = checkers.get(suite);
	if (known !== undefined) return known;
	const verdicts = new Map<string, Promise<VerifiedIdentity | null>>();
	const check: CheckIdentity = (record, card) => {
		const name = [record, card].map((bytes) => cidToBlockId(cidOfObject(bytes))).join();
		const given = verdicts.get(name);
		if (given !== undefined) return given;
		if (verdicts.size === MAX_CHECKED) verdicts.clear();
		const verdict = checkIdentity(suite, record, card);
		verdicts.set(name, verdict);
		return verdict;
	};
	checkers.set(suite, check);
	return check;
}

async function checkIdentity(
	suite: Suite,
	record: Uint8Array,
	card: Uint8Array
): Promise<VerifiedIdentity | null> {
	const root = cardDecoder.decode(card);
	if (!root.ok) return null;
	const address = rootKeyToAddress(root.value.root);
	const verified = await verifyCard(suite, address, record, card);
	return verified.ok ? { record: verified.value.record, card: verified.value.card } : null;
}

/** A new card with this name. */
export async function renameAccount(desk: Desk, name: string): Promise<void> {
	await replaceAccount(desk, (account) =>
		withNewCard(desk, { ...account, name: fitName(name) }, { isNewPrekey: false })
	);
}

/** The words are written down: from now on only the phrase has the root key. */
export async function confirmWords(desk: Desk): Promise<void> {
	await replaceAccount(desk, ({ entropy: _, ...account }) => Promise.resolve(account));
}

/** At most 64 bytes in UTF-8, cut between characters; no line breaks or control characters. */
export function fitName(name: string): string {
	let fitted = '';
	for (const character of name
		.slice(0, 4 * LIMITS.nameBytes)
		.replace(/\p{Cc}+/gu, ' ')
		.trim()) {
		if (utf8(fitted + character).length > LIMITS.nameBytes) break;
		fitted += character;
	}
	return fitted.trim();
}
