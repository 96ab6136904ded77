import fc from 'fast-check';
import { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { cidOfObject, cidOfRaw } from './codec.ts';
import {
	addressToRootKey,
	cidToEntryId,
	formatMailAddress,
	idToCid,
	isOrdinaryAddress,
	keyToPeerName,
	nameToLocal,
	parseAddress,
	parseMailAddress,
	parsePeerName,
	rootKeyToAddress
} from './ids.ts';

const rootKey = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('addresses', () => {
	test('an address is its root key, both ways', () => {
		fc.assert(
			fc.property(rootKey, (key) => {
				const address = rootKeyToAddress(key);
				expect(address).toMatch(/^k51[a-z0-9]{59}$/);
				expect([...addressToRootKey(address)]).toEqual([...key]);
				expect(parseAddress(address)).toBe(address);
				expect(parseAddress(address.toUpperCase())).toBe(address);
			})
		);
	});

	test('nothing else is an address, and nothing throws', () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				expect(parseAddress(text)).toBeNull();
			})
		);
		const address = rootKeyToAddress(new Uint8Array(32).fill(7));
		expect(parseAddress(address.slice(0, -1))).toBeNull();
		expect(parseAddress(`${address}0`)).toBeNull();
		expect(parseAddress('bafyreib')).toBeNull();
	});

	test('a mail address survives formatting, with any name in front', () => {
		fc.assert(
			fc.property(rootKey, fc.string(), (key, name) => {
				const mail = { local: nameToLocal(name), address: rootKeyToAddress(key) };
				expect(parseMailAddress(` ${formatMailAddress(mail)} `)).toEqual(mail);
				expect(isOrdinaryAddress(formatMailAddress(mail))).toBe(false);
			})
		);
	});

	test('ordinary addresses are told from typing errors', () => {
		expect(isOrdinaryAddress('bob@example.org')).toBe(true);
		expect(parseMailAddress('bob@example.org')).toBeNull();
		for (const text of ['bob', 'bob@', '@example.org', 'bob@example', 'a b@c.de', 'x@y..z']) {
			expect(isOrdinaryAddress(text)).toBe(false);
		}
	});
});

test('a local part is made of what every keyboard has', () => {
	expect(nameToLocal('Zoë Müller-Lüdenscheidt')).toBe('zoe.muller.ludenscheidt');
	expect(nameToLocal('  ')).toBe('mail');
	expect(nameToLocal('王小明')).toBe('mail');
	expect(nameToLocal('x'.repeat(1_000)).length).toBe(32);
});

test('the peer id of a key is the one that libp2p writes', () => {
	// libp2p specs, peer-ids: the Ed25519 test vector's public key.
	const key = Uint8Array.from(
		'1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e'.match(/../g) ?? [],
		(byte) => parseInt(byte, 16)
	);
	const name = keyToPeerName(key);
	expect(name).toMatch(/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/);
	expect(parsePeerName(name)).toBe(name);
});

describe('ids of entries', () => {
	const cid = fc.uint8Array({ maxLength: 8 }).map((bytes) => {
		return bytes.length % 2 === 0 ? cidOfObject(bytes) : cidOfRaw(bytes);
	});

	test('are the texts of CIDs, both ways', () => {
		fc.assert(
			fc.property(cid, (each) => {
				const id = cidToEntryId(each);
				expect(id).toBe(CID.decode(each.bytes).toString());
				expect(idToCid(id).equals(each)).toBe(true);
				expect([...idToCid(id).bytes]).toEqual([...each.bytes]);
				expect([...idToCid(id).multihash.digest]).toEqual([...each.multihash.digest]);
			})
		);
	});

	test('of which nothing is read that multiformats would not read', () => {
		const letter = fc.constantFrom(...Array.from('abcdefgz234567018=BA'));
		fc.assert(
			fc.property(cid, fc.nat(58), letter, (each, at, put) => {
				const text = cidToEntryId(each);
				const changed = `${text.slice(0, at)}${put}${text.slice(at + 1)}` as typeof text;
				expect(read(() => idToCid(changed))).toBe(read(() => CID.parse(changed)));
			})
		);
	});

	function read(parse: () => CID): string {
		try {
			return Buffer.from(parse().bytes).toString('hex');
		} catch {
			return 'throws';
		}
	}
});
