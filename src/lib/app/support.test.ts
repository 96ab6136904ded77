import { expect, test } from 'vitest';
import { StorageFull } from '../post/ports.ts';
import { CannotKeep, NewerData } from '../store/database.ts';
import { findMissing, reasonOf, type Scope } from './support.ts';

const WHOLE: Scope = {
	isSecureContext: true,
	indexedDB: {},
	BroadcastChannel: {},
	crypto: { subtle: {} },
	navigator: { locks: {} },
	AbortSignal: { any: {} },
	Promise: { withResolvers: {} },
	Set: { prototype: { isSubsetOf: {} } }
};

test('a browser that has everything', () => {
	expect(findMissing(WHOLE)).toBeNull();
});

test('plain http from another machine is said first, for it explains the rest', () => {
	const plain = { isSecureContext: false, navigator: {}, crypto: {} };
	expect(findMissing(plain)).toBe('insecure');
});

test('a browser without storage, and one without a part of the platform', () => {
	expect(findMissing({ ...WHOLE, indexedDB: null })).toBe('no-storage');
	for (const part of ['BroadcastChannel', 'crypto', 'navigator', 'Promise', 'Set'] as const) {
		expect(findMissing({ ...WHOLE, [part]: undefined }), part).toBe('old-browser');
	}
});

test('why storage did not open', () => {
	expect(reasonOf(new NewerData('defms'))).toBe('newer-data');
	expect(reasonOf(new CannotKeep('defms'))).toBe('no-storage');
	expect(reasonOf(new StorageFull('defms'))).toBe('no-storage');
	expect(reasonOf(new Error('a defect'))).toBeNull();
});
