import { expect } from 'vitest';
import { harmsOf } from './harms.ts';

export function expectHarmless(html: string): void {
	expect(harmsOf(html)).toEqual([]);
}
