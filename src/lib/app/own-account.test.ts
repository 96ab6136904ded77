import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { Secret } from '../crypto/secret.ts';
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

test('a tab that still shows the welcome does not replace the identity that another tab has made', async () => {
	const desk = createDesk();
	const { address } = await createAccount(desk, { name: 'Alice', office: 'https://mail.example' });
	const again = await createAccount(desk, { name: 'Rosa', office: 'https://mail.example' });
	expect(again.address).toBe(address);
	const own = await openOwnAccount(desk);
	expect(own?.account.record).toMatchObject({ address, name: 'Alice' });
	const slots = await desk.store.list('slot');
	expect(slots).toHaveLength(1);
	const phrase = new Secret(new Uint8Array(32).fill(7));
	const other = createAccount(desk, { name: 'Alice', office: '', phrase });
	await expect(other).rejects.toThrow('another identity');
	expect((await openOwnAccount(desk))?.account.record.address).toBe(address);
});
