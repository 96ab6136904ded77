/** Asks the service worker for what another program shared into the app. */

import * as v from 'valibot';
import { sharedSchema } from '../workers/share-desk.ts';
import type { Shared } from './view.ts';

/** A worker that was just started has to begin first. */
const PATIENCE_MS = 10_000;

/** `null`: it was fetched before, or is gone; whoever shared it still has it. */
export async function takeShared(token: string): Promise<Shared | null> {
	if (!('serviceWorker' in navigator)) return null;
	const { active } = await navigator.serviceWorker.ready;
	const { port1, port2 } = new MessageChannel();
	const said = new Promise<unknown>((resolve) => {
		port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
		setTimeout(() => resolve(null), PATIENCE_MS);
	});
	active?.postMessage({ type: 'shared', token }, [port2]);
	const answer = v.safeParse(sharedSchema, await said);
	port1.close();
	return answer.success ? answer.output : null;
}
