/** docs/LIMITS.md is the twin of wire/limits.ts: every bound, its value and a reason. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/lib/wire/limits.ts';

const page = readFileSync(new URL('../../docs/LIMITS.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)`\s*\| (\d+)\s*\|([^|]*)\| (.*?)\s*\|$/gm)];

test('docs/LIMITS.md names every bound with its value', () => {
	const documented = Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]));
	expect(documented).toEqual(LIMITS);
});

test('docs/LIMITS.md gives a reason for every bound', () => {
	const without = rows.filter(([, , , , why]) => (why ?? '').length < 10).map(([, name]) => name);
	expect(without).toEqual([]);
});
