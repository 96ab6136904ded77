/** The relay's own libp2p key: it is the office's name, so it must outlive the process. */

import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import type { PrivateKey } from '@libp2p/interface';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './store/file.ts';

const OWNER_ONLY = 0o600;

/** Reads the key of this data folder, or makes one. Throws where the file is no key. */
export async function loadKey(dataFolder: string): Promise<PrivateKey> {
	const file = join(dataFolder, 'relay.key');
	if (existsSync(file)) {
		chmodSync(file, OWNER_ONLY);
		return privateKeyFromProtobuf(readFileSync(file));
	}
	mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
	const key = await generateKeyPair('Ed25519');
	writeDurably(file, privateKeyToProtobuf(key), OWNER_ONLY);
	return key;
}
