/** What the list does without: each screen comes when it is opened, or ahead, when the list is painted. */

import { Lazy } from '../shared/lazy.svelte.ts';

export const panes = {
	keys: new Lazy(async () => (await import('../commands/CommandKeys.svelte')).default),
	thread: new Lazy(async () => (await import('../thread/ThreadPane.svelte')).default),
	compose: new Lazy(async () => (await import('../compose/ComposePane.svelte')).default),
	dock: new Lazy(async () => (await import('../compose/Dock.svelte')).default),
	held: new Lazy(async () => (await import('../compose/HeldSends.svelte')).default),
	handed: new Lazy(async () => (await import('../compose/Handed.svelte')).default),
	people: new Lazy(async () => (await import('../people/PeopleList.svelte')).default),
	group: new Lazy(async () => (await import('../people/GroupPane.svelte')).default),
	contact: new Lazy(async () => (await import('../people/ContactPane.svelte')).default),
	inviting: new Lazy(async () => (await import('../people/InvitePane.svelte')).default),
	invite: new Lazy(async () => (await import('../people/InviteDialog.svelte')).default),
	requests: new Lazy(async () => (await import('../requests/RequestsPage.svelte')).default),
	proof: new Lazy(async () => (await import('../proof/ProofPage.svelte')).default),
	parcel: new Lazy(async () => (await import('../parcel/ParcelPage.svelte')).default),
	parcelDrop: new Lazy(async () => (await import('../parcel/ParcelDrop.svelte')).default),
	traffic: new Lazy(async () => (await import('../traffic/TrafficPage.svelte')).default),
	tour: new Lazy(async () => (await import('../tour/TourCard.svelte')).default),
	settings: new Lazy(async () => (await import('../settings/SettingsPage.svelte')).default)
};

/** One after the other, so that a click in between has the line to itself. */
export async function prefetchPanes(): Promise<void> {
	for (const pane of Object.values(panes)) {
		await untilIdle();
		await pane.prefetch();
	}
}

const IDLE_MS = 1_000;

/** Safari has no such call. */
function untilIdle(): Promise<void> {
	return new Promise((resolve) => {
		if ('requestIdleCallback' in globalThis) {
			requestIdleCallback(() => resolve(), { timeout: IDLE_MS });
		} else setTimeout(resolve);
	});
}
