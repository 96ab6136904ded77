/** Plays the seeds that it is sent, one by one. */

import { parentPort } from 'node:worker_threads';
import { playOneOfMany } from './twice.ts';

const port = parentPort;
if (port === null) throw new Error('this file runs as a worker of main.ts');

// A seventh of the time went into stacks of errors that are part of the weather; a replay has them.
Error.stackTraceLimit = 0;

port.on('message', (seed: unknown) => {
	playOneOfMany(Number(seed)).then(
		(played) => port.postMessage(played),
		// Nothing may be left waiting for an answer.
		(error: unknown) => {
			throw error;
		}
	);
});
