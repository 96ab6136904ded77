import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { createAccount, renameAccount } from '../post/account.ts';
import { openOwnAccount } from './own-account.ts';

test('whoever took the account once sees it as it is now', async () => {
	const desk = createDesk();
	expect(await openOwnAccount(desk)).toBeNull();
	await createAccount(desk, { name: 'Alice', office: 'https://mail.example' });
	const own = await openOwnAccount(desk);
	if (own === null) throw new Error('it was just made');
	const { account } = own;
	expect([account.record.name, account.card.name]).toEqual(['Alice', 'Alice']);
	expect(await own.refresh()).toBe(false);
	desk.clock.now += 1000;
	await renameAccount(desk, 'Alice Roth');
	expect(account.card.name).toBe('Alice');
	expect(await own.refresh()).toBe(true);
	expect([account.record.name, account.card.name]).toEqual(['Alice Roth', 'Alice Roth']);
});
