/** How people come to know each other, before a scenario begins. */
import { expect } from '@playwright/test';
import type { Profile } from './profile.ts';
import { begin, expectConnection, inviteLink } from './person.ts';

/** The host begins and invites; each guest follows the link, so that the host is their contact. */
export async function meet(
	url: string,
	host: readonly [profile: Profile, name: string],
	...guests: readonly (readonly [profile: Profile, name: string])[]
): Promise<void> {
	const [{ page }, name] = host;
	await begin(page, url, name);
	await expectConnection(page, 'relay');
	const link = await inviteLink(page);
	expect(link.length).toBeLessThanOrEqual(300);
	for (const [guest, guestName] of guests) {
		await begin(guest.page, link, guestName);
		await expectConnection(guest.page, 'relay');
	}
}
