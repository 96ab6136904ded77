import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cidOfObject, encodeFields } from '../wire/codec.ts';
import { cidToThreadId, keyToPeerName, type ThreadId } from '../wire/ids.ts';
import {
	currentAccountThread,
	isEnrolled,
	retireDevice,
	startUnderRecord,
	type AccountThread,
	type NextThread
} from './account-thread.ts';

const NOW = 1_800_000_000_000;
const device = (name: string) => ({ key: name, peer: keyToPeerName(new Uint8Array(32)) });
const [laptop, phone, tablet] = [device('laptop'), device('phone'), device('tablet')];

/** As its first epoch entry would name it. */
function made(next: NextThread, salt = 0): AccountThread {
	const devices = next.devices.map(({ key }) => key);
	const bytes = encodeFields({ ...next, devices, salt });
	return { ...next, id: cidToThreadId(cidOfObject(bytes)) };
}

const first = made(startUnderRecord({ seq: NOW }, null, [laptop, phone, tablet], NOW));

describe('the account thread', () => {
	it('that counts is the newest one under the newest root record', () => {
		const retired = made(retireDevice(first, 'phone', NOW + 5) ?? first);
		const threads = [retired, first];
		expect(currentAccountThread(threads, { seq: NOW })).toEqual({
			kind: 'current',
			thread: retired
		});
		// Nothing under a record that was replaced: the thief of a card key may sign there.
		expect(currentAccountThread(threads, { seq: NOW + 9 })).toEqual({ kind: 'none' });
		const recovered = made(startUnderRecord({ seq: NOW + 9 }, retired.id, [laptop], NOW - 7));
		const current = currentAccountThread([...threads, recovered], { seq: NOW + 9 });
		expect(current).toEqual({ kind: 'current', thread: recovered });
	});

	it('is in conflict where two have one pair', () => {
		const other = { ...made(first, 1) };
		expect(currentAccountThread([first, other, first], { seq: NOW })).toEqual({
			kind: 'conflict',
			threads: [first, other]
		});
	});

	it('goes on without a retired device, and names the one before', () => {
		const next = retireDevice(first, 'phone', NOW - 9);
		expect(next).toEqual({
			rootSeq: NOW,
			seq: first.seq + 1,
			previous: first.id,
			devices: [laptop, tablet]
		});
		expect(isEnrolled(first, 'phone')).toBe(true);
		expect(next && isEnrolled(made(next), 'phone')).toBe(false);
	});

	it('retires neither a stranger nor the last device', () => {
		expect(retireDevice(first, 'somebody', NOW)).toBeNull();
		const alone = { ...first, devices: [laptop] };
		expect(retireDevice(alone, 'laptop', NOW)).toBeNull();
	});
});

type Deed =
	| { readonly kind: 'retire'; readonly device: string }
	/** With the stolen card key of the first record: any devices, any sequence. */
	| { readonly kind: 'forge'; readonly ahead: number }
	| { readonly kind: 'recover' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
	fc.record({
		kind: fc.constant('retire' as const),
		device: fc.constantFrom('laptop', 'phone', 'tablet')
	}),
	fc.record({ kind: fc.constant('forge' as const), ahead: fc.nat({ max: 1_000_000 }) }),
	fc.constant({ kind: 'recover' as const })
);

describe('devices that see the same threads', () => {
	it('follow the same one, never a thief’s after the recovery, and an absent one finds it', () => {
		fc.assert(
			fc.property(fc.array(deed, { maxLength: 10 }), fc.func(fc.nat()), (deeds, rank) => {
				let rootSeq = NOW;
				let own = first;
				const all = [first];
				const thieves = new Set<ThreadId>();
				for (const [i, step] of [...deeds, { kind: 'recover' } as const].entries()) {
					if (step.kind === 'retire') {
						const next = retireDevice(own, step.device, NOW + i);
						if (next !== null) all.push((own = made(next)));
					} else if (step.kind === 'recover') {
						rootSeq += 1000;
						const staying = own.devices.slice(0, 1);
						all.push((own = made(startUnderRecord({ seq: rootSeq }, own.id, staying, NOW + i))));
					} else {
						const { seq } = own;
						const devices = [device('mallory')];
						const thread = made(
							{ rootSeq: NOW, seq: seq + step.ahead, previous: null, devices },
							i
						);
						thieves.add(thread.id);
						all.push(thread);
					}
				}
				const shuffled = all.toSorted((a, b) => rank(a.id) - rank(b.id));
				for (const order of [all, all.toReversed(), shuffled]) {
					const current = currentAccountThread(order, { seq: rootSeq });
					expect(current).toEqual({ kind: 'current', thread: own });
				}
				expect(thieves.has(own.id)).toBe(false);
				// A device that slept through it all knows at once whether it has to be paired again.
				const names = own.devices.map(({ key }) => key);
				expect(['laptop', 'phone', 'tablet'].filter((name) => isEnrolled(own, name))).toEqual(
					names
				);
			}),
			{ numRuns: 300 }
		);
	});
});
