/** ARCHITECTURE.md says what the linter enforces, and names files that are there. */

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MAY_IMPORT, PACKAGES } from '../../eslint/import-table.js';
import { readPage, sectionOf } from './page.ts';

const ROOT = new URL('../../', import.meta.url);
/** Where a path in backticks may begin. */
const PLACES = ['', 'src/lib/'];

const page = readPage('ARCHITECTURE.md');
const [imports, packages] = sectionOf(page, 'Who may import whom').tables;

function quotedIn(cell: string): string[] {
	return [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text ?? '');
}

test('the import table is the linter’s', () => {
	const documented = (imports?.rows ?? []).map(([who = '', what = '']) => [
		...quotedIn(who),
		quotedIn(what)
	]);
	expect(documented).toEqual(Object.entries(MAY_IMPORT));
});

test('the table of packages is the linter’s', () => {
	const documented = (packages?.rows ?? []).map(([why = '', who = '']) => [why, quotedIn(who)]);
	expect(documented).toEqual(PACKAGES.map(({ why, areas }) => [why, areas]));
});

test('every file and folder that it names is there', () => {
	const named = page.flatMap(({ heading, text }) =>
		heading === 'Who may import whom' ? [] : quotedIn(text.replace(/^```[^]*?^```/gm, ''))
	);
	const paths = named.filter((text) => /^[\w-]+(\/[\w.-]+)+$|^[\w-]+\.(ts|js|md)$/.test(text));
	const missing = paths.filter((path) => {
		return !PLACES.some((place) => existsSync(new URL(`${place}${path}`, ROOT)));
	});
	expect(paths.length).toBeGreaterThan(20);
	expect(missing).toEqual([]);
});
