/** Real mailboxes that meet over a pipe in memory, until neither has anything left to say. */

import { meet, type MeetingPorts } from '../../../src/lib/net/meet.ts';
import { createRecipient } from '../../../src/lib/post/recipient.ts';
import type { Recipient } from '../../../src/lib/post/ports.ts';
import { createCompare } from '../../../src/lib/threads/reconcile.ts';
import type { Refusal } from '../../../src/lib/wire/refusal.ts';
import { syncFrameDecoder, type SyncFrame } from '../../../src/lib/wire/sync.ts';
import type { PeerName } from '../../../src/lib/wire/ids.ts';
import type { Person } from '../../sim/people.ts';
import { createPipes } from './memory.ts';

const HOOKS = { onReceived: () => undefined, onConnections: () => undefined };
/** Turns of the event loop without a frame after which two have come to an end: storage is memory. */
const QUIET_TURNS = 100;
const LENGTH_BYTES = 4;

interface Said {
	readonly by: string;
	readonly frame: SyncFrame;
}

export function recipientOf({ desk, account }: Person): Recipient {
	return createRecipient(desk, account, HOOKS);
}

/** The first dials. Gives what was said after the proof, in its order. */
export async function meetOnce(dialler: Person, listener: Person): Promise<Said[]> {
	const said: Said[] = [];
	const listen = (by: Person) => (bytes: Uint8Array) => {
		const frame = syncFrameDecoder.decode(bytes.subarray(LENGTH_BYTES));
		if (!frame.ok) throw new Error(frame.reason);
		said.push({ by: by.name, frame: frame.value });
		return bytes;
	};
	const names = [peerOf(dialler), peerOf(listener)] as const;
	const faults = [{ onSend: listen(dialler) }, { onSend: listen(listener) }] as const;
	const [here, there] = createPipes(names, faults);
	const counted: Refusal[] = [];
	const [hers, his] = await Promise.all([
		meet(portsOf(dialler, counted), here, listener.account.root),
		meet(portsOf(listener, counted), there, null)
	]);
	if (hers === null || his === null) throw new Error('they do not know each other');
	const ends = Promise.all([hers.run(), his.run()]);
	let heard = -1;
	for (let turns = 0; turns < QUIET_TURNS; turns++) {
		if (said.length !== heard) turns = 0;
		heard = said.length;
		await new Promise((resolve) => setImmediate(resolve));
	}
	here.close();
	for (const end of await ends) if (end.kind === 'failed') throw end.cause;
	if (counted.length > 0) throw new Error(counted.join());
	const isProof = ({ frame: { t } }: Said) => ['hello', 'challenge', 'proof'].includes(t);
	return said.filter((one) => !isProof(one));
}

/** How often each kind was said. */
export function countFrames(said: readonly Said[]): Readonly<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const { frame } of said) counts[frame.t] = (counts[frame.t] ?? 0) + 1;
	return counts;
}

function peerOf({ name }: Person): PeerName {
	return `12D3KooW${(name[0] ?? 'A').repeat(44)}` as PeerName;
}

function portsOf(person: Person, counted: Refusal[]): MeetingPorts {
	const { desk, account } = person;
	const recipient = recipientOf(person);
	return {
		ground: desk,
		recipient,
		compare: createCompare(desk),
		count: (reason) => counted.push(reason),
		timer: () => () => undefined,
		prover: {
			ground: desk,
			root: account.root,
			auth: account.auth,
			authKeyOf: (root) => recipient.authKeyOf(root)
		}
	};
}
