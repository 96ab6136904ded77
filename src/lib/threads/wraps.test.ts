import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { World, type Actor } from '../../../tests/threads/actors.ts';
import { compare } from '../wire/bytes.ts';
import { wrapBlockDecoder, type EpochHeader } from '../wire/entry.ts';
import { LIMITS } from '../wire/limits.ts';
import { commitTo, toSecret } from './keys.ts';
import { drawEphemeral, makeWraps, openWrap, type WrapTarget } from './wraps.ts';

const world = new World();
const secret = new Uint8Array(32).fill(7);
let members: Actor[];
let stranger: Actor;
let header: EpochHeader;
let blocks: readonly Uint8Array[];

/** One more than a block holds. */
const COUNT = LIMITS.wrapsPerBlock + 1;

beforeAll(async () => {
	stranger = await world.person('Stranger');
	members = [];
	for (let i = 0; i < COUNT; i++) members.push(await world.person(`P${String(i)}`));
	const targets: WrapTarget[] = [];
	for (const { record, card, xwing } of members) {
		const identity = await world.ports.checkIdentity(record, card);
		targets.push({ card: identity!.card, xwing, payload: { secret } });
	}
	const ephemeral = await drawEphemeral(world.ports);
	const salt = world.random(32);
	const bound = {
		salt,
		body: world.random(32),
		commit: await commitTo(world.suite, toSecret(secret), salt)
	};
	const pair = { rootSeq: 1, seq: 1 };
	const made = await makeWraps(world.ports, members[0]!.me, pair, bound, ephemeral, targets);
	if (!made.ok) throw new Error(made.reason);
	const rest = { listCommit: salt, eph: ephemeral.publicKey, wraps: made.value.refs };
	header = { v: 1, t: 'epoch', parents: [], ...bound, ...rest };
	blocks = made.value.blocks;
});

test('wraps are sorted by hint, in blocks of at most 128, each listed with its first hint', () => {
	expect(blocks).toHaveLength(2);
	const hints = blocks.flatMap((block, i) => {
		const decoded = wrapBlockDecoder.decode(block);
		if (!decoded.ok) throw new Error(decoded.reason);
		const list = decoded.value.wraps.map(({ hint }) => hint);
		expect(header.wraps[i]?.first).toEqual(list[0]);
		return list;
	});
	expect(hints).toHaveLength(COUNT);
	expect(hints.toSorted(compare)).toEqual(hints);
});

test('each member finds its own, by any prekey that it still has', async () => {
	for (const actor of [members[0]!, members[64]!, members.at(-1)!]) {
		const opened = await openWrap(world.ports, actor.me, header, blocks);
		expect(opened?.ok === true && opened.value.payload.secret).toEqual(secret);
		expect(opened?.ok === true && opened.value.envelope.root).toEqual(members[0]!.root);
	}
	const late = members[3]!;
	await late.renewCard();
	expect((await openWrap(world.ports, late.me, header, blocks))?.ok).toBe(true);
});

test('nobody else finds one; a member does not without its block', async () => {
	expect(await openWrap(world.ports, stranger.me, header, blocks)).toBeNull();
	const alone = await Promise.all(
		blocks.map((block) => openWrap(world.ports, members[5]!.me, header, [block]))
	);
	expect(alone.filter((opened) => opened !== null)).toHaveLength(1);
});

test('a wrap is bound to its epoch', async () => {
	const moved = { ...header, body: world.random(32) };
	expect(await openWrap(world.ports, members[1]!.me, moved, blocks)).toBeNull();
});

test('commit-mismatch: the secret is not the one that the header commits to', async () => {
	const salt = world.random(32);
	const bound = { salt, body: world.random(32), commit: world.random(32) };
	const ephemeral = await drawEphemeral(world.ports);
	const { me, record, card, xwing } = members[1]!;
	const identity = await world.ports.checkIdentity(record, card);
	const target = { card: identity!.card, xwing, payload: { secret } };
	const pair = { rootSeq: 1, seq: 1 };
	const made = await makeWraps(world.ports, me, pair, bound, ephemeral, [target]);
	if (!made.ok) throw new Error(made.reason);
	const other = { ...header, ...bound, eph: ephemeral.publicKey, wraps: made.value.refs };
	expect(await openWrap(world.ports, me, other, made.value.blocks)).toEqual({
		ok: false,
		reason: 'commit-mismatch'
	});
});

test('damaged blocks are no wraps, and throw nothing', async () => {
	await fc.assert(
		fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
			const bent = blocks[0]!.slice();
			bent[at % bent.length]! ^= 1 << bit;
			expect(await openWrap(world.ports, stranger.me, header, [bent])).toBeNull();
		}),
		{ numRuns: 30 }
	);
});
