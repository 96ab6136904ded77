/**
 * What every end-to-end test starts from: a real relay and real browsers, cleaned up afterwards.
 *
 *     import { expect, test } from './support/fixtures.ts';
 *
 *     test('online', async ({ startRelay, openProfile }) => {
 *         const relay = await startRelay();
 *         const alice = await openProfile('alice');
 *         await alice.page.goto(relay.url);
 */
import { test as base } from '@playwright/test';
import { createProfile, type Profile, type ProfileOptions } from './profile.ts';
import { createRelay, type Relay } from './relay.ts';

export { expect } from '@playwright/test';
export { WITHOUT_WEBRTC } from './profile.ts';

interface Fixtures {
	/** Starts a relay; `flags` are added to its own. */
	startRelay: (flags?: readonly string[]) => Promise<Relay>;
	/** Opens a browser on a new profile, with one empty tab. */
	openProfile: (name: string, options?: ProfileOptions) => Promise<Profile>;
}

export const test = base.extend<Fixtures>({
	// Playwright reads the names of needed fixtures from this pattern, even if there are none.
	// eslint-disable-next-line no-empty-pattern
	startRelay: async ({}, use, testInfo) => {
		const relays: Relay[] = [];
		await use(async (flags) => {
			const relay = await createRelay(flags);
			relays.push(relay);
			await relay.start();
			return relay;
		});
		for (const relay of relays) {
			await testInfo.attach('relay', { body: relay.output() });
			await relay.dispose();
		}
	},
	// eslint-disable-next-line no-empty-pattern
	openProfile: async ({}, use, testInfo) => {
		const profiles: Profile[] = [];
		await use(async (name, options) => {
			const profile = await createProfile(name, options);
			profiles.push(profile);
			return profile;
		});
		const hasFailed = testInfo.status !== testInfo.expectedStatus;
		for (const profile of profiles) {
			if (hasFailed) await picture(profile, testInfo);
			await testInfo.attach(profile.name, { body: profile.console.join('\n') });
			await profile.dispose();
		}
		// A scenario that passes while a page threw is a scenario that does not look.
		const faults = profiles.flatMap((profile) => profile.faults);
		if (!hasFailed && faults.length > 0) throw new Error(faults.join('\n'));
	}
});

async function picture(profile: Profile, testInfo: ReturnType<typeof test.info>): Promise<void> {
	try {
		const body = await profile.page.screenshot({ timeout: 5_000 });
		await testInfo.attach(`${profile.name}.png`, { body, contentType: 'image/png' });
	} catch {
		// The browser is closed, or killed: the console above it tells the story.
	}
}
