/** OpenPGP.js as its handbook uses it: signed and encrypted to each recipient, keys of Curve25519. */
import { createMessage, encrypt, generateKey } from 'openpgp';
import { textOf } from '../harness/text.ts';

const me = await createKey('Alice');
const others: Awaited<ReturnType<typeof createKey>>[] = [];

const api = {
	/** ms for one of `count` messages to so many. */
	async seal(recipients: number, count: number): Promise<number> {
		while (others.length < recipients) others.push(await createKey('Bob'));
		const encryptionKeys = others.slice(0, recipients).map(({ publicKey }) => publicKey);
		const begin = performance.now();
		for (let i = 0; i < count; i++) {
			const message = await createMessage({ text: textOf(i) });
			await encrypt({ message, encryptionKeys, signingKeys: me.privateKey, format: 'binary' });
		}
		return (performance.now() - begin) / count;
	}
};

function createKey(name: string) {
	return generateKey({ type: 'curve25519', userIDs: [{ name }], format: 'object' });
}

Object.assign(globalThis, { api });
