/** What every implementation of `KeyRing` does. */

import { describe, expect, it, onTestFinished } from 'vitest';
import type { KeyRing, RingKey } from '../../src/lib/post/ports.ts';
import { equal, toHex, utf8 } from '../../src/lib/wire/bytes.ts';

/** An empty profile's ring, opened by as many tabs as are asked for. */
export interface RingProfile {
	open(): KeyRing;
	/** Its file goes, and the rest of the profile stays. */
	lose(): Promise<void> | void;
	end?(): Promise<void> | void;
}

const TEXT = utf8('what is to end');

export function describeKeyRing(name: string, makeProfile: () => RingProfile): void {
	const open = () => {
		const profile = makeProfile();
		onTestFinished(() => profile.end?.());
		return profile;
	};

	describe(`the key ring: ${name}`, () => {
		it('gives back what it sealed, in every tab', async () => {
			const profile = open();
			const ring = profile.open();
			const key = await claimOne(ring);
			const sealed = await ring.seal(key, TEXT);
			expect(await ring.open(key, sealed)).toEqual(TEXT);
			expect(await profile.open().open(key, sealed)).toEqual(TEXT);
		});

		it('claims no key twice, however many tabs ask at once', async () => {
			const profile = open();
			const tabs = [profile.open(), profile.open(), profile.open()];
			const claimed = await Promise.all(tabs.map((tab) => tab.claim(3)));
			const names = claimed.flatMap((keys) => (keys ?? []).map(toHex));
			expect(new Set(names).size).toBe(9);
		});

		it('opens nothing under a destroyed key, in no tab', async () => {
			const profile = open();
			const [ring, other] = [profile.open(), profile.open()];
			const key = await claimOne(ring);
			const sealed = await ring.seal(key, TEXT);
			expect(await ring.destroy([key])).toBe(true);
			expect(await ring.open(key, sealed)).toBeNull();
			expect(await other.open(key, sealed)).toBeNull();
			const late = await ring.seal(key, TEXT);
			expect(await ring.open(key, late)).toBeNull();
		});

		it('destroys no more than it was told to', async () => {
			const ring = open().open();
			const [first, second] = [await claimOne(ring), await claimOne(ring)];
			const sealed = await ring.seal(second, TEXT);
			await ring.destroy([first]);
			expect(await ring.open(second, sealed)).toEqual(TEXT);
			expect(await ring.destroy([])).toBe(true);
		});

		it('leaves a key in peace that came after a destroyed one', async () => {
			const ring = open().open();
			const old = await claimOne(ring);
			await ring.destroy([old]);
			const fresh = await claimOne(ring);
			expect(equal(old, fresh)).toBe(false);
			const sealed = await ring.seal(fresh, TEXT);
			// Told again, as after a crash: its place has another key now.
			expect(await ring.destroy([old])).toBe(true);
			expect(await ring.open(fresh, sealed)).toEqual(TEXT);
		});

		it('loses with its file what was under it, and goes on', async () => {
			const profile = open();
			const before = profile.open();
			const key = await claimOne(before);
			const sealed = await before.seal(key, TEXT);
			await profile.lose();
			const ring = profile.open();
			expect(await ring.open(key, sealed)).toBeNull();
			expect(await ring.destroy([key])).toBe(true);
			const fresh = await claimOne(ring);
			const again = await ring.seal(fresh, TEXT);
			expect(await ring.open(fresh, again)).toEqual(TEXT);
			expect(await ring.open(key, sealed)).toBeNull();
		});

		it('says that it erases', async () => {
			expect(await open().open().erases()).toBe(true);
		});
	});
}

async function claimOne(ring: KeyRing): Promise<RingKey> {
	const [key] = (await ring.claim(1)) ?? [];
	if (key === undefined) throw new Error('no key');
	return key;
}
