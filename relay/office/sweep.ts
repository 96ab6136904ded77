/** What an office forgets by its terms: expired tokens, and what nobody confirmed in `keptDays`. */

import { LIMITS } from '../../src/lib/wire/limits.ts';
import { release } from './blocks.ts';
import { BOUNDS } from './bounds.ts';
import type { Office } from './office.ts';
import { removeSends } from './sends.ts';
import { expireTokens } from './tokens.ts';
import type { Key } from './ports.ts';

const PAGE = 256;

/** Runs beside everything else; stops early where the disk has no room even for forgetting. */
export async function sweep(office: Office): Promise<void> {
	for (let after: Key | undefined; ;) {
		const accounts = office.store.list('account', [], { limit: PAGE, after });
		for (const { key } of accounts) {
			const [root = ''] = key;
			await sweepAccount(office, root);
			await office.breathe();
		}
		after = accounts.at(-1)?.key;
		if (accounts.length < PAGE) return;
	}
}

async function sweepAccount(office: Office, root: string): Promise<void> {
	expireTokens(office, root);
	const kept = sweepSends(office, root);
	const oldest = office.now() - LIMITS.unconfirmedMs;
	for (let after: Key | undefined; ;) {
		const refs = office.store.list('ref', [root], { limit: PAGE, after });
		const over = refs
			.filter(({ key, row }) => row.time <= oldest && !kept.has(key[1] ?? ''))
			.map(({ key }) => key[1] ?? '');
		release(office, root, over);
		await office.breathe();
		after = refs.at(-1)?.key;
		if (refs.length < PAGE) return;
	}
}

/** Removes sends whose end nobody asked about for long; gives what the live ones still announce. */
function sweepSends(office: Office, root: string): ReadonlySet<string> {
	const oldest = office.now() - BOUNDS.endedKeptMs;
	const kept = new Set<string>();
	const over: string[] = [];
	for (const { key, row } of office.store.list('send', [root])) {
		if (row.dueAt !== null) for (const cid of row.keeps) kept.add(cid.toString());
		else if (row.time <= oldest) over.push(key[1] ?? '');
	}
	removeSends(office, root, over);
	return kept;
}
