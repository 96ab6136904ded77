/** People with real keys, as far as an office can tell them apart. */

import { randomSecret, systemRandom } from '../../src/lib/crypto/random.ts';
import type { Signer } from '../../src/lib/crypto/suite.ts';
import { nobleSuite as suite } from '../../src/lib/crypto/noble.ts';
import { createCard } from '../../src/lib/identity/card.ts';
import { createPrekey } from '../../src/lib/identity/prekey.ts';
import { createRootRecord } from '../../src/lib/identity/root.ts';
import type { Office, OfficeAccount } from '../../src/lib/post/ports.ts';
import { encodePlain } from '../../src/lib/wire/codec.ts';
import { rootKeyToAddress, type Address } from '../../src/lib/wire/ids.ts';

export interface Person {
	readonly address: Address;
	readonly root: Uint8Array;
	readonly rootSeq: number;
	readonly cardSigner: Signer;
	readonly account: OfficeAccount;
	/** A bundle with this card sequence. */
	bundle(seq: number, name?: string): Promise<Uint8Array>;
	/** The same identity after "I was hacked": a new root record, card key and device. */
	renew(rootSeq: number): Promise<Person>;
	/** Another device of the same identity. */
	withDevice(): Promise<Person>;
	/** Publishes a card and enrols the device. */
	join(office: Office): Promise<void>;
}

const newSigner = async () => suite.signer(randomSecret(systemRandom, 32));

export async function createPerson(name: string, rootSeq = 1_000): Promise<Person> {
	return build(name, await newSigner(), rootSeq, await newSigner(), await newSigner());
}

async function build(
	name: string,
	rootSigner: Signer,
	rootSeq: number,
	cardSigner: Signer,
	device: Signer
): Promise<Person> {
	const root = rootSigner.publicKey;
	const address = rootKeyToAddress(root);
	const { publicKey: auth } = await suite.agreement(randomSecret(systemRandom, 32));
	const { prekey, xwing } = await createPrekey(suite, systemRandom, rootSeq);
	const record = await createRootRecord(suite, rootSigner, {
		seq: rootSeq,
		card: cardSigner.publicKey
	});
	const bundle = async (seq: number, shown = name) => {
		const fields = { root, pair: { rootSeq, seq }, name: shown, auth, prekey };
		const card = await createCard(suite, cardSigner, { ...fields, offices: [], policy: 'open' });
		return encodePlain({ v: 1, t: 'bundle', record, card, xwing });
	};
	const account = { root, device };
	return {
		...{ address, root, rootSeq, cardSigner, account, bundle },
		renew: async (later) => build(name, rootSigner, later, await newSigner(), await newSigner()),
		withDevice: async () => build(name, rootSigner, rootSeq, cardSigner, await newSigner()),
		async join(office) {
			const published = await office.publish(address, await bundle(rootSeq + 1));
			if (!published.ok && published.reason !== 'older-than-known') {
				throw new Error(`not published: ${published.reason}`);
			}
			const enrolled = await office.enrol(account, (message) => cardSigner.sign(message));
			if (!enrolled.ok) throw new Error(`not enrolled: ${enrolled.reason}`);
		}
	};
}
