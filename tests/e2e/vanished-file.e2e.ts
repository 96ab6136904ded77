/** A file that is moved, changed or deleted between its choice and its last byte. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { compose, expectText, open } from './support/person.ts';

const MIB = 1024 * 1024;
const LETTER = { subject: 'Rehearsal', text: 'All of it is attached.' };

test('file-vanishes', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const folder = await mkdtemp(path.join(os.tmpdir(), 'defms-files-'));
	try {
		const relay = await startRelay();
		const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
		await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
		const composer = await compose(alice.page, { to: ['Bob'], ...LETTER });
		const files = composer.getByRole('list', { name: 'Attachments' });
		const [cut, gone, kept] = ['cut.flac', 'gone.txt', 'kept.txt'].map((name) =>
			path.join(folder, name)
		);
		if (cut === undefined || gone === undefined || kept === undefined) throw new Error('paths');
		await writeFile(cut, randomBytes(64 * MIB));
		for (const file of [gone, kept]) await writeFile(file, 'Seven pages.');
		await alice.page.locator('input[type=file]').setInputFiles([cut, gone, kept]);
		// The first is being read, the next waits for its turn.
		await expect(files.getByRole('progressbar')).toHaveCount(3);
		await truncate(cut, MIB);
		await rm(gone);

		for (const name of ['cut.flac', 'gone.txt']) {
			await expect(files.getByRole('listitem').filter({ hasText: name })).toContainText(
				'Moved, changed or deleted while it was read. Add it again',
				{ timeout: 60_000 }
			);
		}
		await expect(files.getByRole('progressbar')).toHaveCount(0);
		await expect(files.getByRole('listitem').filter({ hasText: 'kept.txt' })).toContainText(
			'12 bytes'
		);
		// Nothing goes out without what its writer wanted in it; the message names the file.
		await composer.getByRole('button', { name: 'Send' }).click();
		await expect(composer.getByRole('alert')).toContainText('cut.flac could not be added.');
		await expect(composer.getByTestId('saved')).toContainText('Saved');

		await composer.getByRole('button', { name: 'Remove cut.flac' }).click();
		await composer.getByRole('button', { name: 'Remove gone.txt' }).click();
		await composer.getByRole('button', { name: 'Send' }).click();
		await expect(composer).toBeHidden();
		await open(bob.page, LETTER.subject);
		await expectText(bob.page, LETTER.text);
		await expect(bob.page.getByRole('button', { name: /kept\.txt/ })).toBeVisible();
		await expect(bob.page.getByText(/cut\.flac|gone\.txt/)).toHaveCount(0);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});
