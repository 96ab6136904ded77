/** Listening at the own post office for as long as this tab leads, and what is known of it meanwhile. */

import type { Account } from '../post/account.ts';
import { listen } from '../post/listen.ts';
import { StorageFull, Unreachable, type Desk } from '../post/ports.ts';
import type { Refusal } from '../wire/refusal.ts';
import { createErrand, type Errand, type ErrandOptions } from './errand.ts';

/** `silent`: it has not answered several times in a row. */
export type OfficeState = 'trying' | 'open' | 'silent';

export interface ListeningPorts {
	readonly desk: Desk;
	readonly account: Account;
	readonly onState: (state: OfficeState) => void;
	/** It answers and refuses; `null`: it let us in. */
	readonly onRefused: (reason: Refusal | null) => void;
	/** No room here for what came: it stays at the office. */
	readonly onCramped: () => void;
	/** The outbox has work again. */
	readonly onOutbox: () => void;
}

const SILENT_AFTER = 3;
/** An office that ends passes sooner than this is not listened to in a hot loop, ms. */
const SHORTEST_PASS_MS = 1_000;

/** `hurry` also ends a pass that may stand on a dead line. */
export function startListening(ports: ListeningPorts, options: ErrandOptions): Errand {
	const { desk, account, onState, onRefused, onCramped, onOutbox } = ports;
	const { signal } = options;
	let failures = 0;
	let pass = new AbortController();

	const hooks = {
		onOpen: () => {
			failures = 0;
			onRefused(null);
			onState('open');
		},
		onOutbox,
		// The collector hears of it by the store.
		onKnock: () => undefined
	};
	const fail = () => {
		failures++;
		onState(failures < SILENT_AFTER ? 'trying' : 'silent');
		return false;
	};
	const work = async (): Promise<boolean> => {
		const mine = new AbortController();
		pass = mine;
		const begun = desk.now();
		try {
			const both = AbortSignal.any([signal, mine.signal]);
			const heard = await listen(desk, account, { once: false, signal: both, ...hooks });
			if (!heard.ok) onRefused(heard.reason);
			if (!heard.ok || desk.now() - begun < SHORTEST_PASS_MS) return fail();
			errand.ask();
			return true;
		} catch (error) {
			if (mine.signal.aborted || signal.aborted) return true; // it was asked again, or all ends
			if (error instanceof Unreachable) return fail();
			// It answers; it is we who have no room, and the screen says so.
			if (error instanceof StorageFull) {
				onCramped();
				return false;
			}
			throw error;
		}
	};
	const errand = createErrand(work, options);
	return {
		ask: () => errand.ask(),
		hurry() {
			pass.abort();
			errand.hurry();
		}
	};
}
