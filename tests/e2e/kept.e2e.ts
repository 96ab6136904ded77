/** Mail outlives versions: what an earlier version left in a browser and at a relay, this one reads. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readKept, unpack } from '../kept/kept.ts';
import { ORIGIN } from '../kept/profile.ts';
import { expect, test } from './support/fixtures.ts';
import { answer, expectConnection, expectStatus, expectText, open } from './support/person.ts';

/** Versions in which nothing could end. */
const BEFORE_ENDS = ['0.1.0', '0.2.0', '0.3.0'];
const KEPT = path.resolve(import.meta.dirname, '../kept');

for (const version of await readdir(path.join(KEPT, 'relays'))) {
	test(`kept-${version}`, async ({ startRelay, openProfile }) => {
		const data = await mkdtemp(path.join(os.tmpdir(), 'defms-kept-'));
		try {
			await cp(path.join(KEPT, 'relays', version), data, { recursive: true });
			await startRelay(['--port', new URL(ORIGIN).port, '--data', data]);
			const kept = await readKept(`${version}.kept`);
			const alice = await openProfile('alice', { prepare: (folder) => unpack(kept, folder) });
			await alice.page.goto(ORIGIN);
			// In her browser since then: what she read, and what she wrote.
			await open(alice.page, `Kept since ${version}`);
			await expectText(alice.page, 'What was written then is read now.');
			await expectText(alice.page, 'And answered then.');
			await answer(alice.page, 'Reply', 'Answered once more.');
			await expectText(alice.page, 'Answered once more.');
			if (!BEFORE_ENDS.includes(version)) {
				await open(alice.page, 'Kept until the end');
				await expectText(alice.page, 'It ends, but not yet.');
			}
			await expectConnection(alice.page, 'relay');
			// At the relay since then: what came while she slept.
			await open(alice.page, 'Kept at the post office');
			await expectText(alice.page, 'It waited there.');
			// And she can still answer.
			await answer(alice.page, 'Reply', 'Answered now.');
			await expectStatus(alice.page, 'Bob', 'noticed');
			expect(await alice.page.getByRole('alert').count()).toBe(0);
		} finally {
			await rm(data, { recursive: true, force: true });
		}
	});
}
