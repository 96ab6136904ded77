/** The bundle is a folder of files: any server, any path, relays named beside it. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from './support/fixtures.ts';
import {
	begin,
	expectConnection,
	expectText,
	inviteLink,
	open,
	untilInstalled,
	write
} from './support/person.ts';
import { serveStatic } from './support/static-server.ts';

test('any-path', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const host = await serveBundle(relay.url);
	try {
		const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
		await begin(bob.page, host.url, 'Bob');
		await expectConnection(bob.page, 'relay');
		const link = await inviteLink(bob.page);
		expect(link.startsWith(`${host.url}#i=`)).toBe(true);
		await begin(alice.page, link, 'Alice');
		await write(alice.page, { to: ['Bob'], subject: 'Elsewhere', text: 'From another server.' });
		await open(bob.page, 'Elsewhere');
		await expectText(bob.page, 'From another server.');
		await untilInstalled(bob.page);
		await bob.context.setOffline(true);
		await bob.page.reload();
		await open(bob.page, 'Elsewhere');
	} finally {
		await host.close();
	}
});

test('sender-leaves-first-visit', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	// The worker never gets all of the app: it stays one that installs.
	const host = await serveBundle(relay.url, { isHeld: (file) => file.endsWith('/icon-512.png') });
	try {
		const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
		await begin(bob.page, relay.url, 'Bob');
		await expectConnection(bob.page, 'relay');
		const link = await inviteLink(bob.page);
		await bob.close();
		await begin(alice.page, new URL(new URL(link).hash, host.url).href, 'Alice');
		// The page itself comes too late.
		await alice.page.route('**/v1/blocks', (route) => route.abort());
		await write(alice.page, { to: ['Bob'], subject: 'In passing', text: 'And gone again.' });
		await alice.page.goto('about:blank');
		await bob.reopen();
		await bob.page.goto(relay.url);
		await open(bob.page, 'In passing');
		await expectText(bob.page, 'And gone again.');
	} finally {
		await host.close();
	}
});

/** The bundle with a relay named beside it, on a server and a path of its own. */
async function serveBundle(relayUrl: string, options?: Parameters<typeof serveStatic>[2]) {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'defms-bundle-'));
	await cp(path.resolve(import.meta.dirname, '../../build'), folder, { recursive: true });
	await writeFile(path.join(folder, 'config.json'), JSON.stringify({ relays: [relayUrl] }));
	const host = await serveStatic(folder, '/tools/mail', options);
	return {
		url: host.url,
		close: async () => {
			await host.close();
			await rm(folder, { recursive: true, force: true });
		}
	};
}
