/** A libp2p stream as a pipe. */

import type { Stream } from '@libp2p/interface';
import type { PeerName } from '../wire/ids.ts';
import { PipeGone, type Pipe } from './pipe.ts';

/**
 * Bytes handed over at once. As fast as larger ones (measured: tests/net/throughput.ts), and the
 * 2 MiB that a data channel holds are never overrun by much.
 */
const SEND_BYTES = 60_000;
/** Of the 2 MiB: what a data channel still holds when it is filled again, lest its line falls silent. */
const LOW_BYTES = 1024 * 1024;
/** How long the last bytes of a stream that we close may take. */
const CLOSE_MS = 5_000;

/** The stream must not have lost a byte yet: to be called before anything is awaited. */
export function streamToPipe(stream: Stream, local: PeerName, remote: PeerName): Pipe {
	const pieces: Uint8Array[] = [];
	let isOver = false;
	refillEarly(stream);
	let wake = (): void => undefined;
	const end = (): void => {
		isOver = true;
		wake();
	};
	stream.addEventListener('message', ({ data }) => {
		if (isOver) return;
		pieces.push(data.subarray());
		wake();
	});
	stream.addEventListener('remoteCloseWrite', end);
	stream.addEventListener('close', end);

	async function* incoming(): AsyncGenerator<Uint8Array> {
		for (;;) {
			const piece = pieces.shift();
			if (piece !== undefined) yield piece;
			else if (isOver) return;
			else await new Promise<void>((resolve) => (wake = resolve));
		}
	}

	return {
		local,
		remote,
		incoming: incoming(),
		async send(bytes) {
			try {
				for (let at = 0; at < bytes.length; at += SEND_BYTES) {
					if (!stream.send(bytes.subarray(at, at + SEND_BYTES))) await drained(stream);
				}
			} catch (cause) {
				throw new PipeGone('the stream has ended', { cause });
			}
		},
		close() {
			if (isOver && stream.status !== 'open') return;
			end();
			const signal = AbortSignal.timeout(CLOSE_MS);
			stream.close({ signal }).catch((error: unknown) => {
				stream.abort(error instanceof Error ? error : new Error('not closed in time'));
			});
		}
	};
}

/** Over WebRTC the stream would say that there is room only when nothing is left to send. */
function refillEarly(stream: Stream): void {
	if (!('channel' in stream)) return;
	const { channel } = stream;
	if (typeof channel !== 'object' || channel === null) return;
	if ('bufferedAmountLowThreshold' in channel) channel.bufferedAmountLowThreshold = LOW_BYTES;
}

/**
 * Until there is room for more; rejects when the stream ends. The stream's own `onDrain` waits once in
 * its life: the promise of the first time is kept, and resolved ever after (@libp2p/utils 7.4.1).
 */
export async function drained(stream: Stream): Promise<void> {
	const { promise, resolve, reject } = Promise.withResolvers<undefined>();
	const onDrain = (): void => resolve(undefined);
	const onClose = (): void => reject(new Error('ended while it was full'));
	stream.addEventListener('drain', onDrain);
	stream.addEventListener('close', onClose);
	try {
		if (stream.writableNeedsDrain && stream.status === 'open') await promise;
	} finally {
		stream.removeEventListener('drain', onDrain);
		stream.removeEventListener('close', onClose);
	}
}
