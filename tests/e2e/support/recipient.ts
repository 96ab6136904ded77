/** A recipient's whole state, out of the real browser, on a desk of the test's own. */
import { createSuite } from '../../../src/lib/crypto/choose.ts';
import { systemRandom } from '../../../src/lib/crypto/random.ts';
import { openAccount, type Account } from '../../../src/lib/post/account.ts';
import type { Change, Desk } from '../../../src/lib/post/ports.ts';
import { createKeyRing } from '../../../src/lib/store/key-ring.ts';
import { parseRing, type RingFile } from '../../../src/lib/store/ring-file.ts';
import { bytesToRow } from '../../../src/lib/store/rows.ts';
import { fromHex } from '../../../src/lib/wire/bytes.ts';
import { cidOfObject } from '../../../src/lib/wire/codec.ts';
import { entryIdOf, headerDecoder } from '../../../src/lib/wire/entry.ts';
import { cidToThreadId } from '../../../src/lib/wire/ids.ts';
import { createMemoryDisk } from '../../conformance/memory-store.ts';
import type { Dump } from '../../kept/page.ts';

export interface Recipient {
	readonly desk: Desk;
	readonly account: Account;
}

export async function recipientOf({ rows, ring }: Dump): Promise<Recipient> {
	const { mail: store, blocks } = createMemoryDisk().open();
	const decode = <T extends Change['table']>(table: T) =>
		(rows[table] ?? []).map((row) => bytesToRow(table, fromHex(row) ?? new Uint8Array()));
	await store.commit([
		...decode('account').map((put): Change => ({ table: 'account', key: [], put })),
		...decode('contact').map((put): Change => ({ table: 'contact', key: [put.address], put })),
		...decode('thread').map((put): Change => ({ table: 'thread', key: [put.id], put })),
		...decode('message').map((put): Change => ({
			table: 'message',
			key: [put.thread, put.id],
			put
		})),
		...decode('entry').map((put): Change => {
			const key = [threadIn(put.header), entryIdOf(put.header)];
			return { table: 'entry', key, put };
		})
	]);
	const desk: Desk = {
		...{ suite: await createSuite(), random: systemRandom, now: () => Date.now() },
		...{ store, blocks, appUrl: 'http://localhost/' },
		ring: createKeyRing(() => createReadOnlyFile(ring ?? '')),
		offices: () => {
			throw new Error('nobody is asked here');
		},
		keys: { deviceSigner: () => Promise.reject(new Error('nobody signs requests here')) },
		exclusive: (_name, work) => work()
	};
	const account = await openAccount(desk);
	if (account === null) throw new Error('the profile has no identity');
	return { desk, account };
}

/** The first entry of a thread does not name it: it is its id. */
function threadIn(bytes: Uint8Array) {
	const header = headerDecoder.decode(bytes);
	if (!header.ok) throw new Error(header.reason);
	return cidToThreadId(header.value.thread ?? cidOfObject(bytes));
}

/** The key ring as it was: what is new is kept without. */
function createReadOnlyFile(hex: string): RingFile {
	const image = parseRing(fromHex(hex) ?? new Uint8Array());
	return {
		canWrite: async () => false,
		read: async () => image,
		claim: async () => null,
		wipe: async () => false
	};
}
