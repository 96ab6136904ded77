/**
 * Collecting all that was announced. Knocks of the same offices stand in one line, one after the other,
 * and lines go side by side, so that an office that answers by the drop holds up no other's. Nobody waits
 * for it long: it goes on for its turn while what comes meanwhile is collected by later runs, one such
 * line for each writer, for it is the writer who names the offices.
 */

import type { Address } from '../wire/ids.ts';
import type { Account } from './account.ts';
import { collect, type CollectOptions } from './collect.ts';
import type { Peers } from './holders.ts';
import type { Desk, MailStore } from './ports.ts';
import type { KnockRecord } from './records.ts';

export interface WaitingOptions extends CollectOptions {
	/** When a turn of one line is over; real time where it is not given. */
	readonly turn?: () => AbortSignal;
	/** When nobody waits for a line any more; real time where it is not given. */
	readonly patience?: () => AbortSignal;
}

interface Line {
	/** As one text. */
	readonly offices: string;
	/** Of the knock that waits longest. */
	readonly writer: Address;
	readonly knocks: readonly KnockRecord[];
}

/** Lines that are collected at one time. */
const LINES = 4;
/** Of one line; what has come by then is kept, and the next turn goes on from there. */
const TURN_MS = 120_000;
/** Longer than most take. */
const PATIENCE_MS = 10_000;
/** Lines that go on beside later runs. */
const MOST_SLOW = 8;

/** Those that do. */
const slow = new WeakMap<MailStore, Set<Line>>();

/** All knocks that wait for a holder, oldest first. Throws `StorageFull`: then nothing is confirmed. */
export async function collectWaiting(
	desk: Desk,
	account: Account,
	peers: Peers,
	{
		turn = () => AbortSignal.timeout(TURN_MS),
		patience = () => AbortSignal.timeout(PATIENCE_MS),
		...options
	}: WaitingOptions = {}
): Promise<void> {
	const lines = await listLines(desk);
	const beside = slow.get(desk.store) ?? new Set();
	slow.set(desk.store, beside);
	const work = async (): Promise<void> => {
		for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
			if (isBeside(beside, line)) continue;
			const collected = collectLine(desk, account, peers, line, turn(), options);
			await orSlow(beside, line, collected, patience());
		}
	};
	const ends = await Promise.allSettled(Array.from({ length: LINES }, work));
	for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

/** The first line of each writer, then each one's second: who names many offices goes before nobody. */
async function listLines({ store }: Pick<Desk, 'store'>): Promise<Line[]> {
	const waiting = (await store.list('knock')).filter(({ wait }) => wait === 'fetch');
	waiting.sort((a, b) => a.receivedAt - b.receivedAt);
	const counts = new Map<Address, number>();
	const ranked = [...Map.groupBy(waiting, ({ holders }) => [...holders].sort().join(' '))].flatMap(
		([offices, knocks]) => {
			const writer = knocks[0]?.from;
			if (writer === undefined) return [];
			const rank = counts.get(writer) ?? 0;
			counts.set(writer, rank + 1);
			return [{ rank, line: { offices, writer, knocks } }];
		}
	);
	return ranked.sort((a, b) => a.rank - b.rank).map(({ line }) => line);
}

function isBeside(beside: ReadonlySet<Line>, { offices, writer }: Line): boolean {
	return [...beside].some((line) => line.offices === offices || line.writer === writer);
}

/** Resolves when the line is done, or goes on beside what comes after it. */
async function orSlow(
	beside: Set<Line>,
	line: Line,
	collected: Promise<void>,
	patience: AbortSignal
): Promise<void> {
	const { promise: late, resolve } = Promise.withResolvers<'late'>();
	const stop = (): void => resolve('late');
	patience.addEventListener('abort', stop);
	if (patience.aborted) stop();
	const first = await Promise.race([collected, late]);
	patience.removeEventListener('abort', stop);
	if (first !== 'late') return;
	if (beside.size >= MOST_SLOW) return collected;
	beside.add(line);
	// What went wrong in it meets the next run, which begins it again: its knocks still wait.
	void collected.catch(() => undefined).finally(() => beside.delete(line));
}

async function collectLine(
	desk: Desk,
	account: Account,
	peers: Peers,
	{ knocks }: Line,
	turn: AbortSignal,
	options: CollectOptions
): Promise<void> {
	const { signal: outer } = options;
	const signal = outer === undefined ? turn : AbortSignal.any([outer, turn]);
	try {
		for (const knock of knocks) {
			signal.throwIfAborted();
			await collect(desk, account, peers, knock, { ...options, signal });
		}
	} catch (problem) {
		// The others had to wait long enough; it goes on in its next turn.
		if (outer?.aborted === true || !turn.aborted || problem !== signal.reason) throw problem;
	}
}
