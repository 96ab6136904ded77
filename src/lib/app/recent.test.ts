import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

test('the least recently used one is given up', () => {
	const gone: string[] = [];
	const recent = new Recent<string>(2, (value) => gone.push(value));
	const get = (key: string) => recent.get(key, () => `made ${key}`);
	get('a');
	get('b');
	get('a');
	get('c');
	expect(gone).toEqual(['made b']);
	expect([recent.peek('a'), recent.peek('b')]).toEqual(['made a', undefined]);
	expect(recent.find((value) => value.endsWith('c'))).toBe('made c');
});
