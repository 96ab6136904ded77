import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidOfObject, encodeFields } from '../wire/codec.ts';
import { comparePairs } from '../wire/identity.ts';
import { mergeOwnCards, type CardContent, type OwnCard } from './merge.ts';
import { nextSequence } from './sequence.ts';

const NOW = 1_800_000_000_000;
const ROOT_SEQ = NOW - 5;

const first: CardContent = {
	name: 'Alice',
	aliases: [],
	auth: new Uint8Array(32),
	prekey: { id: bytes(8, 0), xwing: bytes(32, 0), dh: bytes(32, 0), until: NOW },
	offices: [],
	policy: 'open'
};

function bytes(size: number, value: number): Uint8Array {
	return new Uint8Array(size).fill(value);
}

/** A change of one field, another one for each `n`. */
const CHANGES: Readonly<Record<string, (n: number) => Partial<CardContent>>> = {
	name: (n) => ({ name: `Alice ${String(n)}` }),
	aliases: (n) => ({ aliases: [`Al ${String(n)}`] }),
	offices: (n) => ({ offices: [{ url: `https://${String(n)}.example`, slot: bytes(32, n) }] }),
	prekey: (n) => ({
		prekey: { id: bytes(8, n), xwing: bytes(32, n), dh: bytes(32, n), until: NOW + n }
	})
};

function publish(content: CardContent, upon: readonly OwnCard[], nowMs: number): OwnCard {
	const previous = upon.length === 0 ? null : Math.max(...upon.map(({ pair }) => pair.seq));
	const pair = { rootSeq: ROOT_SEQ, seq: nextSequence(previous, nowMs) };
	const id = cidOfObject(encodeFields({ ...content, ...pair })).toString();
	return { id, pair, content, upon: upon.map((card) => card.id) };
}

/** One device: the own cards that it has seen, and what it does about them. */
class Device {
	readonly seen = new Map<string, OwnCard>();

	take(cards: Iterable<OwnCard>): void {
		for (const card of cards) this.seen.set(card.id, card);
	}

	step() {
		const step = mergeOwnCards([...this.seen.values()]);
		if (step === null) throw new Error('a device has seen the first card');
		return step;
	}

	/** Changes what its newest state says. */
	change(fields: Partial<CardContent>, nowMs: number): OwnCard {
		const step = this.step();
		const upon = step.kind === 'due' ? step.upon : [step.newest.id];
		const content = step.kind === 'due' ? step.content : step.newest.content;
		return this.#publish({ ...content, ...fields }, upon, nowMs);
	}

	/** The merged card, where one is due. */
	merge(nowMs: number): boolean {
		const step = this.step();
		if (step.kind === 'due') this.#publish(step.content, step.upon, nowMs);
		return step.kind === 'due';
	}

	#publish(content: CardContent, upon: readonly string[], nowMs: number): OwnCard {
		const before = upon.flatMap((id) => this.seen.get(id) ?? []);
		const card = publish(content, before, nowMs);
		this.take([card]);
		return card;
	}
}

type Deed =
	| { readonly kind: 'change'; readonly device: number; readonly field: string }
	| { readonly kind: 'tell'; readonly device: number; readonly other: number }
	| { readonly kind: 'merge'; readonly device: number }
	| { readonly kind: 'wait'; readonly ms: number };

const device = fc.nat({ max: 2 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
	fc.record({
		kind: fc.constant('change' as const),
		device,
		field: fc.constantFrom(...Object.keys(CHANGES))
	}),
	fc.record({ kind: fc.constant('tell' as const), device, other: device }),
	fc.record({ kind: fc.constant('merge' as const), device }),
	fc.record({ kind: fc.constant('wait' as const), ms: fc.nat({ max: 2 }) })
);

/** A field that some device gave a value, knowing these others. */
interface Change {
	readonly field: string;
	readonly n: number;
	readonly card: string;
	readonly knew: readonly Change[];
}

/** Plays the deeds; all changes that were made. */
function play(deeds: readonly Deed[]) {
	const devices = Array.from({ length: 3 }, () => new Device());
	const start = publish(first, [], NOW);
	for (const each of devices) each.take([start]);
	const at = (index: number) => devices[index] ?? new Device();
	const changes: Change[] = [];
	let now = NOW;
	for (const [n, step] of deeds.entries()) {
		switch (step.kind) {
			case 'change': {
				const knew = changes.filter(({ card }) => at(step.device).seen.has(card));
				const { id } = at(step.device).change(CHANGES[step.field]?.(n + 1) ?? {}, now);
				changes.push({ field: step.field, n: n + 1, card: id, knew });
				break;
			}
			case 'tell':
				at(step.other).take(at(step.device).seen.values());
				break;
			case 'merge':
				at(step.device).merge(now);
				break;
			case 'wait':
				now += step.ms;
		}
	}
	return { devices, changes, now };
}

describe('own cards published at once', () => {
	it('become one card at every device, and no change is lost', () => {
		fc.assert(
			fc.property(fc.array(deed, { minLength: 6, maxLength: 30 }), (deeds) => {
				const { devices, changes, now } = play(deeds);
				let rounds = 0;
				for (let isBusy = true; isBusy; rounds++) {
					for (const each of devices) for (const other of devices) each.take(other.seen.values());
					// All of them at once, in one millisecond.
					isBusy = devices.map((each) => each.merge(now)).some((isDue) => isDue);
				}
				expect(rounds).toBeLessThan(4);
				const steps = devices.map((each) => each.step());
				expect(new Set(steps.map(newestId)).size).toBe(1);
				const [step] = steps;
				if (step?.kind !== 'settled') throw new Error('not settled');
				for (const { field } of changes) {
					const last = changes.filter((each) => {
						return each.field === field && !isKnownIn(changes, each);
					});
					const options = last.map(({ n }) => CHANGES[field]?.(n) ?? {});
					expect(options.some((fields) => isIn(fields, step.newest.content))).toBe(true);
				}
				// Nobody else holds a card that is newer than what the devices agree on.
				const all = [...(devices[0]?.seen.values() ?? [])];
				const rivals = all.filter(
					({ id, pair }) => id !== step.newest.id && comparePairs(pair, step.newest.pair) >= 0
				);
				expect(rivals.map(({ id }) => id)).toEqual([]);
			}),
			{ numRuns: 150 }
		);
	});

	it('do not depend on the order in which they are given', () => {
		fc.assert(
			fc.property(fc.array(deed, { maxLength: 20 }), fc.func(fc.nat()), (deeds, rank) => {
				const cards = play(deeds).devices.flatMap((each) => [...each.seen.values()]);
				const shuffled = cards.toSorted((a, b) => rank(a.id) - rank(b.id));
				expect(mergeOwnCards(shuffled)).toEqual(mergeOwnCards(cards));
			}),
			{ numRuns: 100 }
		);
	});
});

function newestId(step: ReturnType<Device['step']>): string {
	return step.kind === 'settled' ? step.newest.id : 'due';
}

/** Did somebody give the field another value, knowing of this one? */
function isKnownIn(changes: readonly Change[], change: Change): boolean {
	return changes.some(({ field, knew }) => field === change.field && knew.includes(change));
}

function isIn(fields: Partial<CardContent>, content: CardContent): boolean {
	const after = encodeFields({ ...content, ...fields });
	return Buffer.compare(after, encodeFields({ ...content })) === 0;
}

describe('a merged card', () => {
	const renamed = { ...first, name: 'Alicia' };
	const moved = { ...first, offices: [{ url: 'https://new.example', slot: bytes(32, 1) }] };

	const start = publish(first, [], NOW);
	/** Of two made at once, the second later. */
	const merged = (earlier: CardContent, later: CardContent, base = start) => {
		const cards = [publish(earlier, [base], NOW + 1), publish(later, [base], NOW + 2)];
		const step = mergeOwnCards([base, ...cards]);
		return step?.kind === 'due' ? step.content : step?.newest.content;
	};

	it('has what each of both changed', () => {
		expect(merged(renamed, moved)).toEqual({ ...moved, name: 'Alicia' });
		expect(merged(moved, renamed)).toEqual({ ...moved, name: 'Alicia' });
	});

	it('has the later word on what both changed', () => {
		const other = { ...first, name: 'Ali' };
		expect(merged(renamed, other)?.name).toBe('Ali');
		expect(merged(other, renamed)?.name).toBe('Alicia');
	});

	it('is the later one where no card before both is known', () => {
		const cards = [publish(moved, [start], NOW + 1), publish(renamed, [start], NOW + 2)];
		expect(mergeOwnCards(cards)).toEqual({ kind: 'settled', newest: cards[1] });
	});

	it('is one card, whoever else made the same upon other cards', () => {
		const cards = [start, publish(renamed, [start], NOW + 1), publish(moved, [start], NOW + 2)];
		// One device takes the name back knowingly; the other has never heard of it.
		const knowing = publish(moved, cards, NOW + 3);
		const unknowing = publish(moved, cards.slice(2), NOW + 3);
		expect(unknowing.id).toBe(knowing.id);
		for (const both of [
			[knowing, unknowing],
			[unknowing, knowing]
		]) {
			expect(mergeOwnCards([...cards, ...both])).toMatchObject({ kind: 'settled' });
		}
	});

	it('has no picture that one of both took away', () => {
		const avatar = cidOfObject(Uint8Array.of(1));
		const pictured = { ...first, avatar };
		const base = publish(pictured, [], NOW);
		expect(merged({ ...pictured, name: 'Alicia' }, first, base)).toEqual(renamed);
		expect(merged(first, { ...pictured, name: 'Alicia' }, base)).toEqual(renamed);
		expect(merged(pictured, renamed)).toEqual({ ...renamed, avatar });
	});

	it('is due where two cards have one pair', () => {
		const a = publish(renamed, [start], NOW + 1);
		const b = publish(moved, [start], NOW + 1);
		expect(mergeOwnCards([start, a, b])).toMatchObject({ kind: 'due' });
		const both = publish({ ...moved, name: 'Alicia' }, [a, b], NOW);
		expect(mergeOwnCards([both, b, start, a])).toEqual({ kind: 'settled', newest: both });
		expect(mergeOwnCards([])).toBeNull();
	});
});
