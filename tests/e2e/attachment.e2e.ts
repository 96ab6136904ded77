/** Files travel in blocks, and go on where they were interrupted. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { compose, expectStatus, open } from './support/person.ts';

const MIB = 1024 * 1024;

test('attachment', async ({ startRelay, openProfile }) => {
	test.setTimeout(180_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await bob.close();
	const content = randomBytes(20 * MIB);
	const letter = { to: ['Bob'], subject: 'Rehearsal', text: 'All of it is attached.' };
	const composer = await compose(alice.page, letter);
	await alice.page.locator('input[type=file]').setInputFiles({
		name: 'rehearsal.zip',
		mimeType: 'application/zip',
		buffer: content
	});
	const files = composer.getByRole('list', { name: 'Attachments' });
	await expect(files.getByText('21 MB')).toBeVisible();
	await expect(files.getByRole('progressbar')).toHaveCount(0, { timeout: 60_000 });
	// The relay goes away while the upload is under way, and comes back.
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect
		.poll(() => answered(relay.url, '/v1/blocks'), { intervals: [20] })
		.toBeGreaterThan(0);
	await relay.kill();
	await relay.start();
	await open(alice.page, letter.subject);
	await expectStatus(alice.page, 'Bob', 'noticed');
	// The recipient's browser dies half way through the download, and goes on.
	await bob.reopen();
	await bob.page.goto(relay.url);
	await expect
		.poll(() => answered(relay.url, '/v1/blocks/get'), { intervals: [20], timeout: 60_000 })
		.toBeGreaterThan(0);
	await bob.kill();
	await bob.reopen();
	await bob.page.goto(relay.url);
	await open(bob.page, letter.subject);
	await expectStatus(alice.page, 'Bob', 'delivered');
	const saved = bob.page.waitForEvent('download', { timeout: 60_000 });
	await bob.page.getByRole('button', { name: /rehearsal\.zip/ }).click();
	const arrived = await readFile(await (await saved).path());
	expect(hash(arrived)).toBe(hash(content));
});

/** Requests to this route that the relay has answered in its present run. */
async function answered(url: string, route: string): Promise<number> {
	const text = await (await fetch(`${url}/metrics`)).text();
	const line = text.split('\n').find((each) => each.includes(`${route}",status="2xx"`));
	return Number(line?.split(' ').at(-1) ?? 0);
}

function hash(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}
