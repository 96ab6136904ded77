import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import type { Counter } from './registration.ts';
import { forgetSpent, rememberSpent } from './spent.ts';

const [FIRST, SECOND, THIRD] = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill));

test('what two tabs tell the office at once is forgotten once, and nothing besides', async () => {
	const desk = createDesk();
	const told: Uint8Array[][] = [];
	const counter = (meanwhile: () => Promise<void>) =>
		({
			office: {
				forget: async (_account: unknown, knocks: readonly Uint8Array[]) => {
					told.push([...knocks]);
					await meanwhile();
				}
			}
		}) as unknown as Counter;
	if (!FIRST || !SECOND || !THIRD) throw new Error('three knocks');
	await rememberSpent(desk, FIRST);
	await rememberSpent(desk, SECOND);
	await forgetSpent(
		desk,
		counter(async () => {
			await forgetSpent(
				desk,
				counter(async () => undefined)
			);
			await rememberSpent(desk, THIRD);
		})
	);
	expect(told).toEqual([
		[FIRST, SECOND],
		[FIRST, SECOND]
	]);
	await forgetSpent(
		desk,
		counter(async () => undefined)
	);
	expect(told.at(-1)).toEqual([THIRD]);
});
