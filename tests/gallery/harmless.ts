import { expect } from 'vitest';
import { sheetInLayer } from '../../src/lib/ui/message/sheet.ts';
import { harmsOf, harmsOfSheet } from './harms.ts';

export function expectHarmless(html: string, css = ''): void {
	expect(harmsOf(html)).toEqual([]);
	expect(harmsOfSheet(sheetInLayer(css))).toEqual([]);
}
