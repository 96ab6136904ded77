/** An identity in a browser, on the app's own desk, with people it may write to. */
import { layDesk, type LaidDesk } from '../../src/lib/app/desk.ts';
import { createAccount, openAccount, type Account } from '../../src/lib/post/account.ts';
import { newContact, putContactWithSlot } from '../../src/lib/post/contacts.ts';
import type { Change, Desk, MailStore } from '../../src/lib/post/ports.ts';
import type { DraftRecord } from '../../src/lib/post/records.ts';
import { bundleDecoder, cardDecoder, rootRecordDecoder } from '../../src/lib/wire/identity.ts';
import { rootKeyToAddress, type Address } from '../../src/lib/wire/ids.ts';

export interface Person {
	readonly desk: Desk;
	readonly account: Account;
	readonly store: LaidDesk['store'];
}

/** @param office base URL of a post office; empty: none */
export async function createPerson(name: string, office = ''): Promise<Person> {
	const { desk, store } = await layDesk({
		appUrl: `${location.origin}/`,
		witness: () => undefined
	});
	await createAccount(desk, { name, office });
	const account = await openAccount(desk);
	if (account === null) throw new Error('the identity was stored and is not there');
	return { desk, account, store };
}

/** Somebody who lives nowhere but in memory. */
export async function inventPerson(
	desk: Pick<Desk, 'suite' | 'random' | 'now'>,
	name: string
): Promise<Account> {
	const nowhere: MailStore = {
		get: () => Promise.resolve(null),
		recall: () => Promise.resolve({ row: null }),
		presume: () => Promise.resolve({ row: null }),
		recallAll: () => Promise.resolve([]),
		list: () => Promise.resolve([]),
		takesLocks: () => false,
		commit: () => Promise.resolve(),
		update: () => Promise.resolve(),
		subscribe: () => () => undefined
	};
	// Nobody destroys what was never stored.
	const ring = { erases: () => Promise.resolve(false), claim: () => Promise.resolve(null) };
	const exclusive: Desk['exclusive'] = (_, work) => work();
	const bare = { ...desk, ring, exclusive } as unknown as Desk;
	const record = await createAccount({ ...bare, store: nowhere }, { name, office: '' });
	const kept = { ...nowhere, get: () => Promise.resolve(record) } as unknown as MailStore;
	const made = await openAccount({ ...bare, store: kept });
	if (made === null) throw new Error('nobody was made');
	return made;
}

/** Makes them a contact whose card is here, as after an invite; their address. */
export async function befriend({ desk }: Person, bundle: Uint8Array): Promise<Address> {
	const { record, card, xwing } = decoded(bundleDecoder.decode(bundle));
	const { root, name, seq } = decoded(cardDecoder.decode(card));
	const rootSeq = decoded(rootRecordDecoder.decode(record)).seq;
	const address = rootKeyToAddress(root);
	const fields = { address, name, tier: 'known', origin: 'invited', offices: [] } as const;
	const contact = {
		...newContact(desk, fields),
		keys: { record, card, xwing, pair: { rootSeq, seq } }
	};
	await desk.store.commit(putContactWithSlot(contact));
	return address;
}

/** Drafts as the composer leaves them in storage, in one transaction: to be sent one by one. */
export async function saveDrafts(
	{ desk }: Person,
	texts: readonly string[],
	rest: Pick<DraftRecord, 'kind' | 'to' | 'thread'>
): Promise<DraftRecord[]> {
	const drafts = texts.map((text): DraftRecord => ({
		...{ cc: [], bcc: [], subject: 'Harbour', html: '', files: [], savedAt: desk.now() },
		...rest,
		id: crypto.randomUUID(),
		text
	}));
	await desk.store.commit(drafts.map((put): Change => ({ table: 'draft', key: [put.id], put })));
	return drafts;
}

export function decoded<T>(result: { ok: true; value: T } | { ok: false; reason: string }): T {
	if (!result.ok) throw new Error(result.reason);
	return result.value;
}
