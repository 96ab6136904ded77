/** An attachment into a file that the person chose: as a stream, while what is missing still comes. */

import type { Account } from '../post/account.ts';
import { fetchFile, hurryBlocks } from '../post/fetching.ts';
import { openFile } from '../post/files.ts';
import { watched } from '../post/collect.ts';
import type { Peers } from '../post/holders.ts';
import type { Desk } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import { allHolders, heeding, NOBODY, type OpenOptions } from './attachment.ts';
import { ProgressWatch } from './bringing.ts';
import type { BringOutcome, Sink } from './view.ts';

/**
 * Writes the whole content to `sink`, in order, and checks its hash at the end: only then it counts.
 * Throws what the sink throws, broken storage, and defects.
 */
export async function saveAttachment(
	desk: Desk,
	account: Account,
	peers: Peers,
	message: MessageRecord,
	index: number,
	{ sink, ...options }: OpenOptions & { readonly sink: Sink }
): Promise<BringOutcome> {
	const file = message.mail.attachments[index];
	if (file === undefined) return NOBODY;
	const stop = new AbortController();
	const signal = AbortSignal.any([options.signal, stop.signal]);
	const watch = new ProgressWatch(desk.now, options.onProgress);
	const onProgress = watched(message.thread, file, {
		signal,
		onProgress: (progress) => watch.take(progress)
	});
	try {
		return await heeding(options.signal, async () => {
			const holders = await allHolders(desk, account, peers, message);
			const fetching = fetchFile(desk.blocks, file, holders, onProgress);
			fetching.catch(() => undefined); // thrown where it is waited for
			const bring = (ids: Parameters<typeof hurryBlocks>[3]) =>
				hurryBlocks(desk.blocks, file, holders, ids, { signal });
			for await (const piece of openFile(desk, desk.blocks, file, { signal, bring })) {
				await sink.write(piece);
			}
			await fetching;
			return { ok: true } as const;
		});
	} finally {
		stop.abort();
		watch.end();
	}
}
