import { expect, test } from 'vitest';
import type { Departure } from '../net/departures.ts';
import { DepartureLog, type Channel } from './departure-log.ts';

const STUN: Departure = { kind: 'stun', to: 'post.example:3478' };

/** Channels of one name: each hears the others, never itself. */
function createAir() {
	const ears: { readonly of: Channel; readonly hear: (data: unknown) => void }[] = [];
	return (): Channel => {
		const channel: Channel = {
			postMessage(data) {
				for (const ear of ears) if (ear.of !== channel) ear.hear(structuredClone(data));
			},
			addEventListener: (_, listener) =>
				void ears.push({ of: channel, hear: (data) => listener({ data } as MessageEvent) })
		};
		return channel;
	};
}

function createLogs() {
	const open = createAir();
	let time = 0;
	const ground = (context: string) => ({ now: () => ++time, context });
	return {
		open,
		page: () => new DepartureLog(open(), 'page', ground(`page ${String(time++)}`)),
		worker: () => new DepartureLog(open(), 'worker', ground('worker'))
	};
}

test('what the worker sent stands in every page, each once and in the order of time', () => {
	const { page, worker } = createLogs();
	const [one, two, back] = [page(), page(), worker()];
	one.witness(STUN);
	back.witness(STUN);
	two.witness(STUN);
	expect(one.entries.map(({ by }) => by)).toEqual(['page', 'worker', 'page']);
	expect(two.entries).toEqual(one.entries);
});

test('a page that opens later is told what was before', () => {
	const { page, worker } = createLogs();
	worker().witness(STUN);
	expect(page().entries).toHaveLength(1);
});

test('the list is bounded', () => {
	const { page } = createLogs();
	const log = page();
	for (let i = 0; i < 600; i++) log.witness(STUN);
	expect(log.entries).toHaveLength(500);
	expect(log.entries.at(-1)?.id).toContain('/599');
});

test('what is none of ours on the channel is left out', () => {
	const { page, open } = createLogs();
	const log = page();
	const stranger = open();
	for (const odd of [null, 7, {}, { say: 'left' }, { say: 'left', entries: [{}, null] }]) {
		stranger.postMessage(odd);
	}
	stranger.postMessage({ say: 'left', entries: Array(9999).fill({ id: 'x', time: 1 }) });
	expect(log.entries).toEqual([]);
});
