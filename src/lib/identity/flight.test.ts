/** Prekeys over a year: what is on its way stays readable, what is old is forgotten. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LIMITS } from '../wire/limits.ts';
import {
	emptiedUntil,
	findOutlived,
	isOutdated,
	isSealable,
	isPrekeyDue,
	newestFirst,
	type PrekeyAge
} from './prekey.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;

interface RingPrekey extends PrekeyAge {
	readonly id: number;
}

interface Letter {
	/** The prekey to which its notice and its thread are sealed. */
	readonly prekey: number;
	readonly reachesSlotAt: number;
	/** From when on a holder gives its entries. */
	readonly isHeldFrom: number;
	/** It took no longer to the slot than a sender may count on. */
	readonly isSwift: boolean;
	takenAt: number | null;
	/** The round before that. */
	takenAfter: number;
	isRead: boolean;
}

interface Known {
	readonly id: number;
	readonly until: number;
	readonly askedMs: number;
}

/** A device, its office with slot and directory, and whoever writes to it. */
class Story {
	now = NOW;
	#ring: RingPrekey[] = [];
	#card = 0;
	#emptiedMs: number | null = null;
	#heardMs = 0;
	/** What the directory gives: the newest published prekey, and when each was first there. */
	#published: Omit<Known, 'askedMs'> | null = null;
	readonly #publishedAt = new Map<number, number>();
	readonly #letters: Letter[] = [];
	/** The card that each sender has, and when the directory last answered it. */
	readonly #known = new Map<number, Known>();

	constructor() {
		this.#renew();
		this.round({ isOnline: true });
	}

	get ring(): readonly RingPrekey[] {
		return this.#ring;
	}

	/** What an awake device does each day, in the order of `post/prekeys.ts`. */
	round({ isOnline }: { readonly isOnline: boolean }): void {
		if (isOnline) {
			this.#publish();
			this.#take();
			this.#collect();
			this.#emptiedMs = emptiedUntil(this.now, this.#waiting());
			this.#heardMs = this.now;
		}
		const outlived = findOutlived(this.#ring, this.now, this.#emptiedMs);
		const newest = newestFirst(this.#ring)[0];
		expect(outlived).not.toContain(newest);
		this.#ring = this.#ring.filter((prekey) => !outlived.includes(prekey));
		if (isOnline) this.#expectForgotten();
		this.#renew();
	}

	#waiting(): { readonly takenMs: number; readonly afterMs: number }[] {
		return this.#letters.flatMap(({ takenAt, takenAfter, isRead }) =>
			takenAt === null || isRead ? [] : [{ takenMs: takenAt, afterMs: takenAfter }]
		);
	}

	/** What is over is kept only for a letter that may have come before, and not for ever. */
	#expectForgotten(): void {
		for (const { id } of this.#ring) {
			const successorAt = this.#publishedAt.get(id + 1) ?? Number.POSITIVE_INFINITY;
			const endMs = successorAt + LIMITS.prekeyKeptMs;
			if (endMs > this.now) continue;
			const isNeeded = this.#waiting().some(
				({ takenMs, afterMs }) => afterMs < endMs && this.now - takenMs < LIMITS.unconfirmedMs
			);
			expect(isNeeded).toBe(true);
		}
	}

	#renew(): void {
		const newest = newestFirst(this.#ring)[0] ?? null;
		if (!isPrekeyDue(newest, this.now)) return;
		this.#card++;
		this.#ring = [{ id: this.#card, madeMs: this.now, publishedMs: null }, ...this.#ring];
	}

	#publish(): void {
		const [newest] = newestFirst(this.#ring);
		if (newest === undefined || newest.publishedMs !== null) return;
		const mark = { ...newest, publishedMs: this.now };
		this.#ring = this.#ring.map((prekey) => (prekey === newest ? mark : prekey));
		this.#publishedAt.set(newest.id, this.now);
		this.#published = { id: newest.id, until: newest.madeMs + LIMITS.prekeyAgeMs };
	}

	/** A sender, who perhaps cannot reach the directory; the letter may be long under way. */
	write(sender: number, canAsk: boolean, slotDays: number, holderDays: number): void {
		const known = this.#known.get(sender);
		const isStale = known === undefined || isOutdated(known, this.now);
		const published = isStale && canAsk ? this.#published : null;
		const card = published === null ? known : { ...published, askedMs: this.now };
		if (card === undefined || !isSealable(card, card.askedMs, this.now)) return;
		this.#known.set(sender, card);
		const reachesSlotAt = this.now + slotDays * DAY;
		const isHeldFrom = reachesSlotAt + holderDays * DAY;
		const sealed = { prekey: card.id, reachesSlotAt, isHeldFrom };
		this.#letters.push({
			...sealed,
			isSwift: slotDays <= 10,
			takenAt: null,
			takenAfter: 0,
			isRead: false
		});
	}

	#take(): void {
		for (const letter of this.#letters) {
			if (letter.takenAt !== null || letter.reachesSlotAt > this.now) continue;
			if (this.#isPromised(letter)) expect(this.#has(letter)).toBe(true);
			letter.takenAt = this.now;
			letter.takenAfter = this.#heardMs;
			// Else it is refused; its sender hears of the newer card.
			letter.isRead = !this.#has(letter);
		}
	}

	#collect(): void {
		for (const letter of this.#letters) {
			if (letter.takenAt === null || letter.isRead || letter.isHeldFrom > this.now) continue;
			const isTooLate = this.now - letter.takenAt >= LIMITS.unconfirmedMs;
			if (this.#isPromised(letter) && !isTooLate) expect(this.#has(letter)).toBe(true);
			letter.isRead = true;
		}
	}

	/** Swift, or within 30 days after others could learn of the next prekey. */
	#isPromised({ prekey, reachesSlotAt, isSwift }: Letter): boolean {
		const successorAt = this.#publishedAt.get(prekey + 1);
		if (isSwift) return true;
		return successorAt === undefined || reachesSlotAt < successorAt + LIMITS.prekeyKeptMs;
	}

	#has({ prekey }: Letter): boolean {
		return this.#ring.some(({ id }) => id === prekey);
	}
}

/** Around what counts: a prekey's ten days, its thirty more, and what an office keeps. */
const days = fc.constantFrom(1, 10, 11, 31, 45, 230);
const soon = fc.constantFrom(0, 0, 1, 10, 31);
type Deed =
	| { readonly kind: 'sleep'; readonly days: number }
	| { readonly kind: 'awake'; readonly days: number; readonly isOnline: boolean }
	| {
			readonly kind: 'letter';
			readonly sender: number;
			readonly canAsk: boolean;
			readonly slotDays: number;
			readonly holderDays: number;
	  };
const deed: fc.Arbitrary<Deed> = fc.oneof(
	fc.record({ kind: fc.constant('sleep' as const), days }),
	// Awake for days on end.
	fc.record({ kind: fc.constant('awake' as const), days, isOnline: fc.boolean() }),
	fc.record({
		kind: fc.constant('letter' as const),
		sender: fc.nat({ max: 1 }),
		canAsk: fc.boolean(),
		slotDays: soon,
		holderDays: fc.oneof(fc.constant(0), days)
	})
);

/** A letter that came while the device slept, and whose entries a holder gave only later. */
const SLEPT_THROUGH: readonly Deed[] = [
	{ kind: 'letter', sender: 0, canAsk: true, slotDays: 31, holderDays: 31 },
	{ kind: 'awake', days: 11, isOnline: false },
	{ kind: 'awake', days: 1, isOnline: true },
	{ kind: 'sleep', days: 46 },
	{ kind: 'awake', days: 31, isOnline: true }
];

it('keeps every prekey that mail under way may need, and no other', () => {
	fc.assert(
		fc.property(fc.array(deed, { minLength: 5, maxLength: 16 }), (deeds) => {
			const story = new Story();
			for (const step of deeds) {
				if (step.kind === 'letter') {
					story.write(step.sender, step.canAsk, step.slotDays, step.holderDays);
				} else {
					for (let day = 0; day < step.days; day++) {
						story.now += DAY;
						if (step.kind === 'awake') story.round(step);
					}
				}
				expect(story.ring.length).toBeGreaterThan(0);
			}
		}),
		{ numRuns: 600, examples: [[[...SLEPT_THROUGH]]] }
	);
});
