import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { rootKeyToAddress, toLegacyThreadId } from '../wire/ids.ts';
import { holdersOf } from './holders.ts';

test('nobody is asked for a file of mail that was brought from elsewhere', async () => {
	const thread = toLegacyThreadId(new Uint8Array(32));
	const from = rootKeyToAddress(new Uint8Array(32));
	const holders = await holdersOf(createDesk(), null, { thread, from }, ['https://office.example']);
	expect(holders()).toEqual([]);
});
