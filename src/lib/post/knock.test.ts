/** What a hostile card must not do to mail for others. */

import { expect, test } from 'vitest';
import { createPerson, introduce, post } from '../../../tests/sim/people.ts';
import { sealKnock } from './knock.ts';

test('a card that names what is no office gets no knock: the own office would refuse the whole outbox', async () => {
	const alice = await createPerson('alice', () => 1_790_000_000_000);
	const mallory = await createPerson('mallory', () => 1_790_000_000_000);
	await introduce([alice, mallory]);
	await post(alice, [mallory]);
	const [record] = await alice.desk.store.list('outbox');
	const [knock] = record?.knocks ?? [];
	if (record === undefined || knock === undefined) throw new Error('it is on its way');
	const sealed = (url: string) =>
		sealKnock(alice.desk, alice.account, record.id, { ...knock, url }, {});
	expect(await sealed('https://post.example')).toMatchObject({ to: knock.to });
	for (const url of ['nonsense', 'ftp://post.example', 'https://post.example/', '']) {
		expect(await sealed(url)).toBeNull();
	}
});
