/** Devices that may act for an address here: enrolled by its card key, privately (protocol §6.2). */

import { toHex } from '../../src/lib/wire/bytes.ts';
import { LIMITS } from '../../src/lib/wire/limits.ts';
import {
	enrolmentDecoder,
	enrolmentToSign,
	requestToSign,
	type Auth
} from '../../src/lib/wire/office.ts';
import { accept, refuse, type Refusal, type Result } from '../../src/lib/wire/refusal.ts';
import { BOUNDS } from './bounds.ts';
import { commit } from './commit.ts';
import type { Office } from './office.ts';
import type { Change } from './ports.ts';

/**
 * Refuses `not-found` (no card of this root here: publish it first), `expired` and `future-clock`
 * (not fresh), `wrong-signature`.
 */
export async function enrolDevice(office: Office, body: Uint8Array): Promise<Result<null>> {
	const decoded = enrolmentDecoder.decode(body);
	if (!decoded.ok) return decoded;
	const { root, device, time, sig } = decoded.value;
	const stale = whyStale(time, office.now());
	if (stale !== null) return refuse(stale);
	const account = office.store.get('account', [toHex(root)]);
	if (account === null) return refuse('not-found');
	const message = enrolmentToSign(office.name, decoded.value);
	const isSigned = await office.verifier.verify(account.cardKey, message, sig);
	if (!isSigned) return refuse('wrong-signature');
	// A newer record may have come while we verified: its card key did not sign this.
	const now = office.store.get('account', [toHex(root)]);
	if (now?.rootSeq !== account.rootSeq) return refuse('wrong-signature');
	return commit(office.store, [
		...makeRoom(office, toHex(root), toHex(device)),
		{ table: 'device', key: [toHex(root), toHex(device)], put: { time } }
	]);
}

/** Is the signer enrolled, and the request fresh? Cheap: asked before the body is read. */
export function admitRequest(office: Office, { root, device, time }: Auth): Result<null> {
	const stale = whyStale(time, office.now());
	if (stale !== null) return refuse(stale);
	const isEnrolled = office.store.has('device', [toHex(root), toHex(device)]);
	return isEnrolled ? accept(null) : refuse('not-enrolled');
}

/**
 * Did this device sign exactly this request, for this office, once? The root in hex.
 * Refuses what `admitRequest` refuses, `wrong-signature` and `replayed`.
 */
export async function authenticate(
	office: Office,
	auth: Auth,
	request: { readonly method: string; readonly path: string; readonly body: Uint8Array }
): Promise<Result<string>> {
	const { root, device, time, nonce, sig } = auth;
	const { method, path, body } = request;
	const bodyHash = await office.verifier.sha256(body);
	const message = requestToSign({ office: office.name, method, path, bodyHash, root, time, nonce });
	const isSigned = await office.verifier.verify(device, message, sig);
	if (!isSigned) return refuse('wrong-signature');
	// Again, because an enrolment may have ended while the body came in.
	const admitted = admitRequest(office, auth);
	if (!admitted.ok) return admitted;
	const isFirst = office.nonces.use(`${toHex(device)}${toHex(nonce)}`, office.now());
	return isFirst ? accept(toHex(root)) : refuse('replayed');
}

function whyStale(time: number, now: number): Refusal | null {
	if (time < now - LIMITS.requestAgeMs) return 'expired';
	return time > now + LIMITS.requestAgeMs ? 'future-clock' : null;
}

/** Nobody says when a device is gone, so the one enrolled longest ago gives way. */
function makeRoom({ store }: Office, root: string, device: string): Change[] {
	const others = store.list('device', [root]).filter(({ key }) => key[1] !== device);
	if (others.length < BOUNDS.devices) return [];
	const [oldest] = others.sort((a, b) => a.row.time - b.row.time);
	return oldest === undefined ? [] : [{ table: 'device', key: oldest.key, remove: true }];
}
