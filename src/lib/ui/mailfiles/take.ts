/** Mail into a file that the reader chooses, and what has become of it. */
import type { App } from '../../app/view.ts';
import { attempt, toasts } from '../shared/toasts.svelte.ts';
import { takenSentence } from './sentences.ts';
import { openSink } from './sink.ts';

interface TakeOptions {
	readonly signal: AbortSignal;
	readonly onProgress: (messages: number) => void;
}

/** @param ids of threads; null: all but the trash */
export async function takeMail(
	{ mailFiles }: App,
	ids: readonly string[] | null,
	as: 'mbox' | 'zip',
	options: TakeOptions
): Promise<void> {
	const day = new Date().toISOString().slice(0, 10);
	const sink = await openSink(`Mail ${day}.${as}`);
	if (sink === null) return;
	options.onProgress(0);
	const outcome = await attempt(() => mailFiles.take(ids, as, sink.stream, options));
	if (outcome === null) return;
	if (!outcome.isStopped) sink.save();
	toasts.say(`${takenSentence(outcome)}.`);
}
