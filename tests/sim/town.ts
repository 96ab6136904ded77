/** Everybody and everything of one run, and what can be asked of all of them. */

import type { Address } from '../../src/lib/wire/ids.ts';
import type { Suite } from '../../src/lib/crypto/suite.ts';
import type { Dice } from './dice.ts';
import { Ledger } from './ledger.ts';
import { Member, TALK } from './member.ts';
import { Network } from './network.ts';
import { createPipes } from './pipes.ts';
import { Profile } from './profile.ts';
import { SimRelay } from './relay.ts';
import type { World } from './world.ts';

// prettier-ignore
const NAMES = [
	'alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy', 'karl', 'lena',
	'mona', 'nils', 'olga', 'peggy', 'quinn', 'rupert', 'sybil', 'trent'
] as const;
export const MOST_MEMBERS = NAMES.length;
const RELAYS = ['north', 'south', 'east'] as const;

export interface TownSize {
	readonly members: number;
	readonly relays: number;
	/** Chance that a member does by itself what the app does. */
	readonly diligence: number;
	/** Is one of them hostile? */
	readonly hasMallory: boolean;
	/** Does the network fall apart now and then, so that some reach each other and nobody else? */
	readonly isParting: boolean;
}

export class Town {
	readonly world: World;
	readonly suite: Suite;
	readonly network: Network;
	readonly ledger = new Ledger();
	readonly relays: readonly SimRelay[];
	readonly members: readonly Member[];
	/** Does what all do, and more. */
	readonly mallory: Member | null;
	readonly isParting: boolean;

	constructor(world: World, suite: Suite, dice: Dice, size: TownSize) {
		this.world = world;
		this.suite = suite;
		this.network = new Network(world);
		this.relays = RELAYS.slice(0, size.relays).map(
			(name) => new SimRelay(world, this.network, suite, dice.fork(name), name)
		);
		this.members = NAMES.slice(0, size.members).map((name) => {
			const profile = new Profile(world, this.network, suite, dice, name);
			return new Member(world, profile, dice.pick(this.relays).url, dice.chance(size.diligence));
		});
		this.isParting = size.isParting;
		this.mallory = size.hasMallory ? (this.members.at(-1) ?? null) : null;
	}

	named(name: string): Member {
		const member = this.members.find((each) => each.name === name);
		if (member === undefined) throw new RangeError(`nobody is called ${name}`);
		return member;
	}

	/** Throws for the address of a stranger. */
	nameOf(address: Address): string {
		const member = this.members.find((each) => each.address === address);
		if (member === undefined) throw new RangeError(`nobody lives at ${address}`);
		return member.name;
	}

	/** One dials the other, if both are there. */
	connect(dialler: Member, listener: Member): void {
		const [from, to] = [dialler.pipeEnd(), listener.pipeEnd()];
		const root = listener.leader?.own.account.root;
		const isCut = this.network.isCut(dialler.name, listener.name);
		const isThere = dialler.profile.isOnline && listener.profile.isOnline && !isCut;
		if (from === null || to === null || root === undefined || !isThere) return;
		const [here, there] = createPipes(this.world, this.network, from, to);
		dialler.serve(here, root);
		listener.serve(there, null);
	}

	/** The same without sessions, which last as long as their pipes. */
	get busy(): string[] {
		return this.running.filter((label) => !label.endsWith(TALK));
	}

	/** Labels of what has begun and not ended. */
	get running(): string[] {
		return this.members.flatMap((member) => member.running);
	}
}
