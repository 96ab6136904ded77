import { AbstractStream, type SendResult } from '@libp2p/utils';
import type { Logger } from '@libp2p/interface';
import { expect, it } from 'vitest';
import type { PeerName } from '../wire/ids.ts';
import { PipeGone } from './pipe.ts';
import { streamToPipe } from './stream-pipe.ts';

const quiet = (): void => undefined;
const silent: Logger = Object.assign(quiet, {
	...{ error: quiet, trace: quiet, enabled: false },
	newScope: () => silent
});

/** Takes what it is given, and is full after each piece until the test says otherwise. */
class Narrow extends AbstractStream {
	readonly taken: number[] = [];

	constructor() {
		super({ id: 'narrow', log: silent });
	}

	override sendData(data: Parameters<AbstractStream['sendData']>[0]): SendResult {
		this.taken.push(data.byteLength);
		return { sentBytes: data.byteLength, canSendMore: false };
	}

	drain(): void {
		this.safeDispatchEvent('drain');
	}

	override sendReset(): void {}
	override async sendCloseWrite(): Promise<void> {}
	override async sendCloseRead(): Promise<void> {}
	override sendPause(): void {}
	override sendResume(): void {}
}

const names: readonly [PeerName, PeerName] = ['a' as PeerName, 'b' as PeerName];
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('waits for room after each piece, not only after the first', async () => {
	const stream = new Narrow();
	const pipe = streamToPipe(stream, ...names);
	let isSent = false;
	const sending = pipe.send(new Uint8Array(200_000)).then(() => (isSent = true));
	for (const expected of [60_000, 60_000, 60_000, 20_000]) {
		await turn();
		expect(stream.taken.splice(0)).toEqual([expected]);
		expect(isSent).toBe(false);
		stream.drain();
	}
	await sending;
});

it('is gone when the stream ends, also for whoever waits', async () => {
	const stream = new Narrow();
	const pipe = streamToPipe(stream, ...names);
	const sending = pipe.send(new Uint8Array(100_000));
	await turn();
	stream.abort(new Error('cut'));
	await expect(sending).rejects.toBeInstanceOf(PipeGone);
	await expect(pipe.send(new Uint8Array(1))).rejects.toBeInstanceOf(PipeGone);
	for await (const piece of pipe.incoming) expect(piece).toBeUndefined();
});

it('keeps what came before anybody read', async () => {
	const stream = new Narrow();
	const pipe = streamToPipe(stream, ...names);
	stream.onData(Uint8Array.of(1));
	stream.onData(Uint8Array.of(2, 3));
	stream.onRemoteCloseWrite();
	const pieces: number[] = [];
	for await (const piece of pipe.incoming) pieces.push(...piece);
	expect(pieces).toEqual([1, 2, 3]);
});
