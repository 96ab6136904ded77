import { expect, test } from 'vitest';
import { createDesk, EMPTY_DRAFT } from '../../../tests/mailbox/records.ts';
import { destroyDoomed } from '../post/doomed.ts';
import { discardDrafts } from './discarding.ts';

test('the key of a discarded draft is destroyed, and a restored one has another', async () => {
	const desk = createDesk();
	const [under] = (await desk.ring.claim(1)) ?? [];
	if (under === undefined) throw new Error('the ring gives keys');
	const ending = { ...EMPTY_DRAFT, id: 'ending', text: 'burn this', under };
	const plain = { ...EMPTY_DRAFT, id: 'plain', text: 'stay' };
	for (const put of [ending, plain]) {
		await desk.store.commit([{ table: 'draft', key: [put.id], put }]);
	}
	const restore = await discardDrafts(desk, [plain, ending]);
	await destroyDoomed(desk);
	expect(desk.ring.isLive(under)).toBe(false);
	expect(await desk.store.list('draft')).toEqual([]);
	await restore();
	const back = await desk.store.get('draft', ['ending']);
	expect(back?.text).toBe('burn this');
	expect(back?.under && desk.ring.isLive(back.under)).toBe(true);
	expect(await desk.store.get('draft', ['plain'])).toEqual(plain);
});

test('what another tab holds, or has sent, is not discarded, nor made anew by Undo', async () => {
	const desk = createDesk();
	const held = { ...EMPTY_DRAFT, id: 'held', heldUntil: desk.now() + 10_000 };
	await desk.store.commit([{ table: 'draft', key: ['held'], put: held }]);
	const { heldUntil: _, ...known } = held;
	const restore = await discardDrafts(desk, [known, { ...EMPTY_DRAFT, id: 'sent' }]);
	expect(await desk.store.list('draft')).toEqual([held]);
	await restore();
	expect(await desk.store.list('draft')).toEqual([held]);
});
