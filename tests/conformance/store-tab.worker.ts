/** Another thread of the profile: counts as many times as it is told to, then says so. */

import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import type { RefusalRecord } from '../../src/lib/post/records.ts';
import { createStore } from '../../src/lib/store/store.ts';

interface Order {
	readonly name: string;
	readonly times: number;
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
	void count(data).then(() => postMessage('done'));
});

async function count({ name, times }: Order): Promise<void> {
	const { mail, close } = createStore({ suite: async () => nobleSuite, name });
	for (let i = 0; i < times; i++) {
		await mail.update('refusal', ['expired'], (row) => {
			const put: RefusalRecord = { reason: 'expired', count: (row?.count ?? 0) + 1, lastAt: 0 };
			return [{ table: 'refusal', key: ['expired'], put }];
		});
	}
	close();
}
