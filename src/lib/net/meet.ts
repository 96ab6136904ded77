/** From a fresh pipe to a session: proof first, within a time, on few bytes (protocol §5). */

import { frame } from '../wire/frame.ts';
import { LIMITS } from '../wire/limits.ts';
import { Breach, framesOf, PipeGone, type Pipe } from './pipe.ts';
import { proveAsDialler, proveAsListener, type Handshake, type Prover } from './proof.ts';
import { Session, type SessionPorts } from './session.ts';

/** Runs `work` after `ms`, unless it is called off before. */
export type Timer = (ms: number, work: () => void) => () => void;

export interface MeetingPorts extends SessionPorts {
	readonly prover: Prover;
	readonly timer: Timer;
}

/** A stranger's bytes before the proof: a hello and a proof, with room. */
const UNPROVED_BYTES = 4096;
/**
 * Proves and gives the session, which waits for `run`; `null` where the peer is a stranger, breaks
 * the protocol, or takes longer than `proofMs`. The pipe is closed then.
 * @param dialled root of the identity that we dialled; `null`: the peer dialled us
 */
export async function meet(
	ports: MeetingPorts,
	pipe: Pipe,
	dialled: Uint8Array | null
): Promise<Session | null> {
	let isProved = dialled !== null;
	const frames = framesOf(boundedUntil(pipe.incoming, () => isProved));
	const callOff = ports.timer(LIMITS.proofMs, () => {
		ports.count('not-proved');
		pipe.close();
	});
	try {
		const { local, remote } = pipe;
		const send = (payload: Uint8Array): Promise<void> => pipe.send(frame(payload));
		const wire: Handshake = { local, remote, send, next: async () => nextOf(frames) };
		const { prover } = ports;
		const proved = await (dialled === null
			? proveAsListener(prover, wire)
			: proveAsDialler(prover, dialled, wire));
		isProved = true;
		return new Session(ports, pipe, { ...proved, frames, isDialler: dialled !== null });
	} catch (error) {
		pipe.close();
		if (error instanceof Breach) ports.count(error.reason);
		else if (!(error instanceof PipeGone)) throw error;
		return null;
	} finally {
		callOff();
	}
}

/** A stranger cannot make us hold more than its proof needs. */
async function* boundedUntil(
	incoming: AsyncIterable<Uint8Array>,
	isProved: () => boolean
): AsyncGenerator<Uint8Array> {
	let size = 0;
	for await (const piece of incoming) {
		size += piece.length;
		if (!isProved() && size > UNPROVED_BYTES) throw new Breach('too-large');
		yield piece;
	}
}

async function nextOf(frames: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
	const next = await frames.next();
	if (next.done === true) throw new PipeGone();
	return next.value;
}
