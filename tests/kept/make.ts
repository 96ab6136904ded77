/**
 * Keeps what this version leaves behind, named after it: `npm run kept`, at each release that changes
 * a format. Alice and Bob write to each other through a real relay; her profile and the relay's data
 * are kept, with one letter that waits for her at the post office.
 */

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { buildIfChanged } from '../../scripts/build.mjs';
import {
	answer,
	begin,
	expectConnection,
	expectStatus,
	expectText,
	inviteLink,
	open,
	write
} from '../e2e/support/person.ts';
import { createProfile } from '../e2e/support/profile.ts';
import { createRelay } from '../e2e/support/relay.ts';
import { keep } from './kept.ts';
import { ORIGIN } from './profile.ts';

const { version } = manifest;
await buildIfChanged(process.execPath);
const data = await mkdtemp(path.join(tmpdir(), 'defms-kept-'));
const relay = await createRelay(['--port', new URL(ORIGIN).port, '--data', data]);
const [alice, bob] = [await createProfile('alice'), await createProfile('bob')];
try {
	await relay.start();
	await begin(alice.page, ORIGIN, 'Alice');
	await expectConnection(alice.page, 'relay');
	await begin(bob.page, await inviteLink(alice.page), 'Bob');
	const first = { subject: `Kept since ${version}`, text: 'What was written then is read now.' };
	await write(bob.page, { to: ['Alice'], ...first });
	await open(alice.page, first.subject);
	await expectText(alice.page, first.text);
	await answer(alice.page, 'Reply', 'And answered then.');
	// Long enough for its replica to open from a snapshot.
	for (let i = 0; i < 18; i++) await answer(alice.page, 'Reply', `And once more, ${String(i)}.`);
	await expectStatus(alice.page, 'Bob', 'delivered');
	// Under a key of the ring, whose file is kept, too.
	const third = { subject: 'Kept until the end', text: 'It ends, but not yet.' };
	await write(bob.page, { to: ['Alice'], ...third, until: '9999-12-30' });
	await open(alice.page, third.subject);
	await expectText(alice.page, third.text);
	await expectStatus(bob.page, 'Alice', 'delivered');
	await alice.close();
	const second = { subject: 'Kept at the post office', text: 'It waited there.' };
	await write(bob.page, { to: ['Alice'], ...second });
	await open(bob.page, second.subject);
	await expectStatus(bob.page, 'Alice', 'noticed');
	await bob.close();
	await relay.stop();
	const size = await keep(alice.folder, `${version}.kept`);
	const kept = path.join(import.meta.dirname, 'relays', version);
	await cp(data, kept, { recursive: true });
	console.log(`kept as ${version}: a profile of ${String(size)} bytes, and the relay's data`);
} finally {
	await Promise.all([alice.dispose(), bob.dispose(), relay.dispose()]);
	await rm(data, { recursive: true, force: true });
}
