/** The row of the own account: whoever changes it does so alone. */

import type { Change, Desk } from './ports.ts';
import type { AccountRecord } from './records.ts';

/** One change at a time in the whole profile; the same row given back writes nothing. */
export async function replaceAccount(
	{ exclusive, store }: Pick<Desk, 'exclusive' | 'store'>,
	change: (account: AccountRecord) => Promise<AccountRecord>,
	/** Written with the changed row. */
	beside: () => readonly Change[] = () => []
): Promise<void> {
	await exclusive('account', async () => {
		const account = await store.get('account', []);
		if (account === null) return;
		const changed = await change(account);
		if (changed !== account) await store.commit([putAccount(changed), ...beside()]);
	});
}

export function putAccount(account: AccountRecord): Change {
	return { table: 'account', key: [], put: account };
}
