import { expect, test } from 'vitest';
import { isPaletteKey, KeyReader, keyOf, SEQUENCE_MS } from './keys.ts';

const read = (...keys: readonly (readonly [string, number])[]) => {
	const reader = new KeyReader(['e', 'g i', 'g e', 'i']);
	return keys.map(([key, at]) => reader.read(key, at));
};

test('a key alone, a sequence, and a sequence that comes to nothing', () => {
	expect(read(['e', 0])).toEqual(['e']);
	expect(read(['g', 0], ['i', 10])).toEqual([null, 'g i']);
	expect(read(['g', 0], ['e', 10], ['e', 20])).toEqual([null, 'g e', 'e']);
	expect(read(['g', 0], ['x', 10], ['i', 20])).toEqual([null, null, 'i']);
});

test('one that comes too late stands alone', () => {
	expect(read(['g', 0], ['i', SEQUENCE_MS + 1])).toEqual([null, 'i']);
	expect(read(['g', 0], ['g', SEQUENCE_MS + 1], ['i', SEQUENCE_MS + 2])).toEqual([
		...[null, null, 'g i']
	]);
});

function stroke(
	key: string,
	fields: Partial<Parameters<typeof keyOf>[0]> = {},
	...held: readonly string[]
): Parameters<typeof keyOf>[0] {
	return {
		...{ key, code: '', repeat: false, isComposing: false, defaultPrevented: false },
		...{ shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, ...fields },
		getModifierState: (name) => held.includes(name)
	};
}

test('Caps Lock makes no capitals, and Shift does under it', () => {
	expect(keyOf(stroke('U', { code: 'KeyU' }, 'CapsLock'))).toBe('u');
	expect(keyOf(stroke('u', { code: 'KeyU', shiftKey: true }, 'CapsLock'))).toBe('U');
	expect(keyOf(stroke('U', { code: 'KeyU', shiftKey: true }))).toBe('U');
	expect(keyOf(stroke('#', { code: 'Digit3', shiftKey: true }))).toBe('#');
});

test('where no Latin is typed, the key counts; where it is, the letter', () => {
	expect(keyOf(stroke('у', { code: 'KeyE' }))).toBe('e');
	expect(keyOf(stroke('Г', { code: 'KeyU', shiftKey: true }))).toBe('U');
	expect(keyOf(stroke('א', { code: 'KeyT' }))).toBe('t');
	expect(keyOf(stroke('z', { code: 'KeyY' }))).toBe('z');
	expect(keyOf(stroke('ą', { code: 'KeyA' }, 'AltGraph'))).toBe('ą');
	expect(isPaletteKey(stroke('л', { code: 'KeyK', ctrlKey: true }))).toBe(true);
	expect(isPaletteKey(stroke('k', { code: 'KeyV', metaKey: true }))).toBe(true);
});

test('what an input method composes, and what is held down, is no command', () => {
	expect(keyOf(stroke('e', { isComposing: true }))).toBeNull();
	expect(keyOf(stroke('Process', { code: 'KeyE' }))).toBeNull();
	expect(keyOf(stroke('e', { repeat: true }))).toBeNull();
	expect(isPaletteKey(stroke('k', { ctrlKey: true, isComposing: true }))).toBe(false);
});
