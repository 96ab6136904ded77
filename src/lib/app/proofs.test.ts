import { expect, test } from 'vitest';
import { createPerson, introduce, post, type Person } from '../../../tests/sim/people.ts';
import { Secret } from '../crypto/secret.ts';
import { deriveRootSeed } from '../identity/phrase.ts';
import { createRootRecord } from '../identity/root.ts';
import { Unreachable, type Desk } from '../post/ports.ts';
import { makeProof } from '../post/proof.ts';
import { utf8 } from '../wire/bytes.ts';
import type { Bundle } from '../wire/identity.ts';
import type { Address } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { ProofChecker, recordsOf } from './proofs.ts';

const NOW = 1_790_000_000_000;

async function setUp() {
	const alice = await createPerson('Alice', () => NOW);
	const bob = await createPerson('Bob', () => NOW);
	await introduce([alice, bob]);
	await post(alice, [bob], { text: 'I take the flat.', isOnRecord: true });
	const [message] = await alice.desk.store.list('message');
	const proof = message && makeProof(message, []);
	if (proof == null) throw new Error('it is on the record');
	return { alice, bob, proof: new Blob([proof]) };
}

/** Of later: it revokes the card key of now as of five milliseconds later. */
async function revokingRecordOf({ desk, account }: Person): Promise<Uint8Array> {
	const entropy = new Secret(Uint8Array.from(account.record.entropy ?? []));
	const root = await desk.suite.signer(await deriveRootSeed(desk.suite, entropy, 0));
	const revoked = [{ key: account.cardSigner.publicKey, since: NOW + 5 }];
	const { publicKey: card } = await desk.suite.signer(new Secret(desk.random(32)));
	return createRootRecord(desk.suite, root, { seq: NOW + 9, card, revoked });
}

function checkerOf(desk: Desk) {
	return new ProofChecker(Promise.resolve(desk));
}

test('a proof is told apart from what is none, and from what is too new', async () => {
	const { bob, alice, proof } = await setUp();
	const checker = checkerOf(bob.desk);
	expect(await checker.check(proof)).toMatchObject({
		at: 'valid',
		proof: {
			by: { name: 'Alice', address: `alice@${alice.account.record.address}.ipns` },
			to: [{ name: 'Bob' }],
			...{ subject: 'Tea', text: 'I take the flat.', html: null, date: NOW },
			key: { kind: 'in-force' }
		}
	});
	const bytes = Buffer.from(await proof.arrayBuffer());
	bytes[bytes.indexOf('take')] = 0x54;
	expect(await checker.check(new Blob([bytes]))).toEqual({ at: 'invalid', part: 'message' });
	const version = bytes.indexOf(Buffer.from([0x61, 0x76, 1]));
	bytes[version + 2] = 2;
	const newer = new Blob([bytes]);
	expect(await checker.check(newer)).toEqual({ at: 'unreadable', problem: 'newer' });
	const damaged = { at: 'unreadable', problem: 'damaged' };
	expect(await checker.check(new Blob(['a letter']))).toEqual(damaged);
	const film = {
		size: LIMITS.proofBytes + 1,
		arrayBuffer: () => Promise.reject(new Error('read'))
	};
	expect(await checker.check(film as unknown as Blob)).toEqual(damaged);
});

test('what this browser knows of the writer’s keys counts', async () => {
	const { alice, bob, proof } = await setUp();
	const { address, card } = alice.account.record;
	const record = await revokingRecordOf(alice);
	const contact = await bob.desk.store.get('contact', [address]);
	const keys = { record, card, pair: { rootSeq: NOW + 9, seq: 1 } };
	const put = { ...contact!, keys };
	await bob.desk.store.commit([{ table: 'contact', key: [address], put }]);
	expect(await recordsOf(bob.desk, address)).toEqual([record]);
	expect(await checkerOf(bob.desk).check(proof)).toMatchObject({
		proof: { key: { kind: 'revoked', since: NOW + 5 }, knownUntil: NOW + 9 }
	});
	expect(await checkerOf(alice.desk).check(proof)).toMatchObject({
		proof: { key: { kind: 'in-force' } }
	});
});

test('the post office of the writer is asked only when one wants it, and cannot lie', async () => {
	const { alice, bob, proof } = await setUp();
	const { record, card, xwing } = alice.account.record;
	const asked: string[] = [];
	let answer: Partial<Bundle> | Error | null = null;
	const find = async (address: Address) => {
		asked.push(address);
		if (answer instanceof Error) throw answer;
		return answer as Bundle | null;
	};
	const offices = (() => ({ find })) as unknown as Desk['offices'];
	const checker = checkerOf({ ...bob.desk, offices });
	expect(await checker.check(proof)).toMatchObject({ proof: { knownUntil: NOW } });
	expect(asked).toEqual([]);
	expect(await checker.ask(proof)).toBeNull();
	answer = new Unreachable('away');
	expect(await checker.ask(proof)).toBeNull();
	expect(asked).toEqual(Array(2).fill(alice.account.record.address));
	answer = { record: bob.account.record.record, card, xwing };
	expect(await checker.ask(proof)).toMatchObject({ proof: { key: { kind: 'in-force' } } });
	answer = { record: await revokingRecordOf(alice), card, xwing };
	expect(await checker.ask(proof)).toMatchObject({
		proof: { key: { kind: 'revoked', since: NOW + 5 }, knownUntil: NOW + 9 }
	});
	answer = { record, card, xwing };
	expect(await checker.ask(proof)).toMatchObject({ proof: { key: { kind: 'in-force' } } });
	expect(await checker.ask(new Blob(['a letter']))).toMatchObject({ at: 'unreadable' });
});

test('a file is the proved one byte for byte', async () => {
	const { bob } = await setUp();
	const checker = checkerOf(bob.desk);
	const sha256 = '6ee0eb490ff832101cf82a3d387c35f29e4230be786978f7acf9e811febf6723';
	const proved = { name: 'f', type: '', sizeBytes: 3, sha256 };
	expect(await checker.isSame(new Blob([utf8('set')]), proved)).toBe(true);
	expect(await checker.isSame(new Blob([utf8('sea')]), proved)).toBe(false);
	expect(await checker.isSame(new Blob([utf8('seta')]), proved)).toBe(false);
});
