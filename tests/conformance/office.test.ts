import { afterAll } from 'vitest';
import { lookAtBoots } from '../../relay/office/knocking.ts';
import { systemRandom } from '../../src/lib/crypto/random.ts';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import { createOffices } from '../../src/lib/net/office.ts';
import { removeFolder, startProcess, temporaryFolder } from '../relay/running.ts';
import { createWorld } from '../relay/world.ts';
import { describeOffice, type OfficeSite } from './office.ts';

describeOffice('in memory', async () => {
	const world = createWorld();
	const url = 'http://office.test';
	const otherUrl = 'http://other.test';
	world.start(url);
	world.start(otherUrl);
	return {
		...{ url, otherUrl, offices: world.offices, fetch: world.fetch },
		now: () => world.now,
		async restart() {
			world.stop(url);
			await lookAtBoots(world.start(url));
		},
		settle: () => world.settle(),
		end: async () => undefined
	};
});

/** Started once for all groups, since starting takes most of the time. */
let processes: Promise<OfficeSite & { stop(): Promise<void> }> | null = null;

afterAll(async () => (await processes)?.stop());

describeOffice('a relay of its own process', () => (processes ??= startProcesses()));

async function startProcesses(): Promise<OfficeSite & { stop(): Promise<void> }> {
	const [data, otherData] = [temporaryFolder(), temporaryFolder()];
	const [first, other] = await Promise.all([startProcess(data), startProcess(otherData)]);
	let relay = first;
	const { url } = relay;
	return {
		...{ url, otherUrl: other.url, fetch },
		offices: createOffices({
			...{ suite: nobleSuite, random: systemRandom, now: () => Date.now() },
			fetch: (at, init) => fetch(at, init)
		}),
		now: () => Date.now(),
		async restart() {
			await relay.end('SIGKILL');
			relay = await startProcess(data, ['--port', new URL(url).port]);
		},
		settle: async () => undefined,
		end: async () => undefined,
		async stop() {
			await Promise.all([relay.end(), other.end()]);
			removeFolder(data);
			removeFolder(otherData);
		}
	};
}
