/** docs/LIMITS.md is the twin of wire/limits.ts and of the office's bounds: value and reason of each. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BOUNDS } from '../../relay/office/bounds.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';

const page = readFileSync(new URL('../../docs/LIMITS.md', import.meta.url), 'utf8');
const [ofProtocol = '', ofOffice = ''] = page.split('\n## The bundled post office\n');

describe.each([
	['the protocol', ofProtocol, LIMITS],
	['the bundled post office', ofOffice, BOUNDS]
])('docs/LIMITS.md, bounds of %s', (_, part, bounds) => {
	const rows = [...part.matchAll(/^\| `(\w+)`\s*\| (\d+)\s*\|([^|]*)\| (.*?)\s*\|$/gm)];

	test('names every one with its value', () => {
		const documented = Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]));
		expect(documented).toEqual(bounds);
	});

	test('gives a reason for every one', () => {
		const without = rows.filter(([, , , , why]) => (why ?? '').length < 10).map(([, name]) => name);
		expect(without).toEqual([]);
	});
});
