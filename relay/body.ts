/** Bodies of requests, whole and bounded: each by its route, all of them together by memory. */

import type { IncomingMessage } from 'node:http';
import { accept, refuse, type Result } from '../src/lib/wire/refusal.ts';

/** Bodies in memory at one time, of all askers together. */
const ALL_BYTES = 256 * 1024 * 1024;

export interface Bodies {
	/** `too-large`, or `rate-limited` where too many are being read. Throws where the asker leaves. */
	read(request: IncomingMessage, maxBytes: number): Promise<Result<Uint8Array>>;
}

export function createBodies(): Bodies {
	let held = 0;
	return {
		async read(request, maxBytes) {
			if (Number(request.headers['content-length'] ?? 0) > maxBytes) return refuse('too-large');
			const pieces: Buffer[] = [];
			let size = 0;
			const { promise, resolve, reject } = Promise.withResolvers<Result<Uint8Array>>();
			const take = (piece: Buffer) => {
				size += piece.length;
				held += piece.length;
				pieces.push(piece);
				if (size > maxBytes) resolve(refuse('too-large'));
				else if (held > ALL_BYTES) resolve(refuse('rate-limited'));
			};
			request.on('data', take);
			request.once('end', () => resolve(accept(Uint8Array.from(Buffer.concat(pieces)))));
			request.once('error', reject);
			request.once('close', () => reject(new Error('the asker left')));
			try {
				return await promise;
			} finally {
				held -= size;
				request.off('data', take);
				// The rest is taken off the wire: on a broken connection a browser would see no reason.
				request.resume();
			}
		}
	};
}
