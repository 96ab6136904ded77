import { afterEach, expect, test } from 'vitest';
import { connectionState, obstacleOf } from './facts.ts';
import { FactsChannel, type Facts } from './facts-channel.ts';

const open: FactsChannel[] = [];

afterEach(() => {
	for (const channel of open.splice(0)) channel.close();
});

function openTab(name: string) {
	const heard: Facts['office'][] = [];
	const fetched: string[] = [];
	const { promise, resolve } = Promise.withResolvers<null>();
	const channel = new FactsChannel(name, {
		onFacts: ({ office }) => {
			heard.push(office);
			resolve(null);
		},
		onFetched: ({ thread }) => {
			fetched.push(thread);
			resolve(null);
		}
	});
	open.push(channel);
	return { channel, heard, fetched, told: promise };
}

const facts = (office: Facts['office']): Facts => ({
	office,
	relays: [],
	peers: [],
	obstacle: null
});

test('a tab that begins later asks what is known', async () => {
	const leader = openTab('late');
	leader.channel.tell(facts('open'));
	const follower = openTab('late');
	await follower.told;
	expect([leader.heard, follower.heard]).toEqual([['open'], ['open']]);
});

test('the leader hears itself too', async () => {
	const leader = openTab('own');
	const follower = openTab('own');
	leader.channel.tellFetched({
		...{ thread: 'thread', manifest: 'm', size: 2, bytes: 1 },
		given: new Map([['https://post.example', 1]])
	});
	await follower.told;
	expect([leader.fetched, follower.fetched]).toEqual([['thread'], ['thread']]);
});

test('a relay that has no room is there all the same', () => {
	const silent: Facts = { ...facts('silent'), obstacle: obstacleOf('disk-full') };
	expect(connectionState(silent, true)).toBe('waiting');
	expect(connectionState(silent, false)).toBe('offline');
	expect(connectionState(facts('silent'), true)).toBe('offline');
	expect([obstacleOf('over-quota'), obstacleOf('rate-limited')]).toEqual(['quota-full', null]);
});

test('what is no fact of ours is not believed', async () => {
	const follower = openTab('odd');
	const stranger = new BroadcastChannel('odd');
	stranger.postMessage({ say: 'facts', facts: { office: 'sunk' } });
	stranger.postMessage('facts');
	stranger.postMessage({ say: 'facts', facts: facts('silent') });
	await follower.told;
	stranger.close();
	expect(follower.heard).toEqual(['silent']);
});
