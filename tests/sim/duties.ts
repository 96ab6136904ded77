/**
 * What the app's leader does by itself, with its own errands (app/duties.ts, without the node): listens
 * for as long as it leads, hands over, collects, registers, each again later where it failed.
 */

import { createErrand, type ErrandOptions } from '../../src/lib/app/errand.ts';
import { startListening } from '../../src/lib/app/listening.ts';
import type { OwnAccount } from '../../src/lib/app/own-account.ts';
import { NO_HURRY } from './endless.ts';
import { collectWaiting } from '../../src/lib/post/collect-waiting.ts';
import type { Peers } from '../../src/lib/post/holders.ts';
import { drainOutbox } from '../../src/lib/post/outbox.ts';
import { StorageFull, Unreachable, type Desk } from '../../src/lib/post/ports.ts';
import { atOwnOffice } from '../../src/lib/post/registration.ts';
import { accept } from '../../src/lib/wire/refusal.ts';

export interface DutyPorts {
	readonly desk: Desk;
	readonly own: OwnAccount;
	readonly peers: Peers;
}

/** Until the options' signal aborts. */
export function startDuties({ desk, own, peers }: DutyPorts, options: ErrandOptions): void {
	const { signal } = options;
	const { account } = own;
	const errand = (work: () => Promise<boolean>) => createErrand(() => patiently(work), options);
	const drain = errand(async () => {
		const { kind } = await drainOutbox(desk, account, { signal });
		return kind === 'empty' || kind === 'handed-over';
	});
	const collect = errand(async () => {
		await collectWaiting(desk, account, peers, { ...NO_HURRY, signal });
		return !(await desk.store.list('knock')).some(({ wait }) => wait === 'fetch');
	});
	const register = errand(async () => {
		await own.refresh();
		return (await atOwnOffice(desk, account, async () => accept(null), { signal })).ok;
	});
	const onOutbox = () => drain.ask();
	const listening = startListening(
		{
			...{ desk, account, onOutbox },
			onState: () => undefined,
			onRefused: () => undefined,
			onCramped: () => undefined
		},
		options
	);
	const leave = desk.store.subscribe((changed) => {
		if (changed.has('outbox')) drain.ask();
		if (changed.has('knock')) collect.ask();
		if (changed.has('account') || changed.has('slot') || changed.has('invite')) register.ask();
	});
	signal.addEventListener('abort', leave);
	for (const each of [listening, drain, collect]) each.ask();
}

/** No network and no room pass by themselves; all else is a defect, and reported. */
async function patiently(work: () => Promise<boolean>): Promise<boolean> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof Unreachable || error instanceof StorageFull) return false;
		throw error;
	}
}
