/** On the record, what somebody wrote can be shown to anyone; off the record, to nobody. */
import type { Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkProof, makeProof } from '../../src/lib/post/proof.ts';
import { threadPorts } from '../../src/lib/post/account.ts';
import type { MessageRecord } from '../../src/lib/post/records.ts';
import { receive } from '../../src/lib/post/receive.ts';
import { loadReplica } from '../../src/lib/post/replicas.ts';
import { rowToBytes } from '../../src/lib/store/rows.ts';
import { entriesInOrder } from '../../src/lib/threads/entries.ts';
import { createThread } from '../../src/lib/threads/make.ts';
import { signOnRecord } from '../../src/lib/threads/on-record.ts';
import { openBundles } from '../../src/lib/threads/receive.ts';
import { shownMessages } from '../../src/lib/threads/shown.ts';
import type { Draft } from '../../src/lib/threads/thread.ts';
import { toHex } from '../../src/lib/wire/bytes.ts';
import { entryIdOf, type EntryBundle } from '../../src/lib/wire/entry.ts';
import { addressToRootKey, idToCid } from '../../src/lib/wire/ids.ts';
import { pretendToBe } from '../threads/pretend.ts';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { compose, expectText, open, toInbox, write } from './support/person.ts';
import { recipientOf, type Recipient } from './support/recipient.ts';
import { dumpOf, plant } from './support/vault.ts';

const LEASE = { to: ['Bob'], subject: 'Lease', text: 'I take the flat from March on.' };
const FILE = { name: 'lease.txt', mimeType: 'text/plain', buffer: Buffer.from('The lease\n') };

test('threads: on-record-proof', async ({ startRelay, openProfile }, testInfo) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await write(alice.page, { to: ['Bob'], subject: 'Flat', text: 'It is too dear, between us.' });
	await open(bob.page, 'Flat');
	await expect(menuOf(bob.page).getByRole('button', { name: 'Export proof' })).toHaveCount(0);
	await expect(bob.page.getByText('off the record')).toBeVisible();
	await toInbox(bob.page);

	await toInbox(alice.page);
	const composer = await compose(alice.page, LEASE);
	const record = composer.getByRole('switch', { name: 'On the record' });
	await expect(record).not.toBeChecked();
	await record.click();
	await expect(composer.getByText('can prove to anyone that you wrote it')).toBeVisible();
	await alice.page.locator('input[type=file]').setInputFiles(FILE);
	await expect(composer.getByRole('progressbar')).toHaveCount(0);
	await expect(composer.getByTestId('saved')).toContainText('Saved');
	// The choice is part of the draft: it outlives its tab.
	await alice.kill();
	await alice.reopen();
	await alice.page.goto(relay.url);
	await alice.page.getByRole('link', { name: /^Drafts/ }).click();
	await alice.page.getByTestId('thread-row').filter({ hasText: LEASE.subject }).click();
	const again = alice.page.getByRole('group', { name: 'Message', exact: true });
	await expect(again.getByRole('switch', { name: 'On the record' })).toBeChecked();
	await again.getByRole('button', { name: 'Send' }).click();
	await expect(again).toBeHidden();

	await open(bob.page, LEASE.subject);
	const letter = bob.page.getByRole('article', { name: 'Message from Alice' });
	await expect(letter.getByText('on the record', { exact: true })).toBeVisible();
	const proof = await exportProof(bob.page, testInfo.outputPath('lease.defms-proof'));
	await toInbox(alice.page);
	await open(alice.page, LEASE.subject);
	const own = await exportProof(alice.page, testInfo.outputPath('own.defms-proof'));
	expect(await readFile(own)).toEqual(await readFile(proof));

	// A third person, who has no account and knows neither of them.
	const carol = await openProfile('carol');
	await carol.page.goto(relay.url);
	await carol.page.getByRole('link', { name: 'Check a proof' }).click();
	await choose(carol.page, 'Choose a proof', proof);
	const verdict = carol.page.getByTestId('proof');
	await expect(verdict).toHaveAttribute('data-verdict', 'valid');
	await expect(verdict.getByRole('heading', { name: 'Valid: signed by Alice' })).toBeVisible();
	const [{ address, card }] = await accountOf(alice.page);
	await expect(verdict).toContainText(`alice@${address}`);
	await expect(verdict).toContainText('Not revoked, as far as is known here.');
	await verdict.getByRole('button', { name: /^Ask their post office/ }).click();
	await expect(verdict.getByRole('status').first()).toContainText('It has answered');
	await expect(verdict).toHaveAttribute('data-verdict', 'valid');
	await expectText(carol.page, LEASE.text);
	const files = verdict.getByRole('list', { name: 'Attachments' });
	await choose(carol.page, 'Compare with lease.txt', FILE);
	await expect(files).toContainText('lease.txt: the same file');
	await choose(carol.page, 'Compare with lease.txt', {
		...FILE,
		buffer: Buffer.from('The leash\n')
	});
	await expect(files).toContainText('lease.txt: another file, not this one');

	const file = testInfo.outputPath('lease.txt');
	await writeFile(file, FILE.buffer);
	const checked = await checkByCommand(proof, file);
	expect(checked.text).toContain('VALID.');
	expect(checked.text).toContain(`Alice <alice@${address}.ipns>`);
	expect(checked.text).toContain(`card key: ${card}`);
	expect(checked.code).toBe(0);

	const bent = await readFile(proof);
	bent[bent.indexOf('March')] = 'm'.charCodeAt(0);
	const bentFile = testInfo.outputPath('bent.defms-proof');
	await writeFile(bentFile, bent);
	await choose(carol.page, 'Choose another proof', bentFile);
	await expect(verdict).toHaveAttribute('data-verdict', 'invalid');
	await expect(verdict).toContainText('its writer never signed it');
	expect(await checkByCommand(bentFile)).toMatchObject({ code: 1 });
});

test('threads: off-record-forgeable', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	const letter = { to: ['Bob'], subject: 'The hundred', text: 'I owe you a hundred, Bob.' };
	await write(alice.page, letter);
	await toInbox(alice.page);
	const signing = await compose(alice.page, LEASE);
	await signing.getByRole('switch', { name: 'On the record' }).click();
	await signing.getByRole('button', { name: 'Send' }).click();
	await open(bob.page, letter.subject);
	await expectText(bob.page, letter.text);
	await open(bob.page, LEASE.subject);
	await toInbox(bob.page);
	// Now he has all of her public keys, as everybody has to whom she ever wrote.
	await write(bob.page, { to: ['Alice'], subject: 'Thanks', text: 'I will remind you.' });
	await open(alice.page, 'Thanks');

	// All that Bob has, and nothing of hers that is secret.
	const held = await dumpOf(bob.page);
	const [, secrets] = await accountOf(alice.page);
	expect(secrets.length).toBeGreaterThan(4);
	for (const secret of secrets) expect(JSON.stringify(held)).not.toContain(secret);
	const before = await recipientOf(held);
	const genuine = await messageWith(before, letter.text);
	const true_ = await bundlesIn(before, genuine);

	// The same letter once more, and one that she never wrote.
	const same = await forge(before, genuine, { mail: genuine.mail });
	expect(await inspect(before, same)).toEqual(await inspect(before, true_));
	const said = 'I owe you a MILLION, my Bob.';
	const mail = { ...saying(genuine, said), subject: 'The million' };
	const forged = await forge(before, genuine, { mail });
	const row = await takenIn(before, genuine, forged);
	expect({ ...row, ...ofItsOwn }).toEqual({ ...genuine, mail, isUnread: true, ...ofItsOwn });
	expect(makeProof(genuine, [])).toBeNull();
	// Nor can his own app tell, or anybody to whom he shows it.
	await show(bob.page, before, row);
	await open(bob.page, 'The million');
	await expectText(bob.page, said);
	const shown = bob.page.getByRole('article', { name: 'Message from Alice' });
	await expect(shown.getByText('off the record')).toBeVisible();
	await expect(shown.getByRole('alert')).toHaveCount(0);

	// On the record he gets nowhere, with her signature under other words or with one of his own.
	const signed = await messageWith(before, LEASE.text);
	const { testimony } = signed;
	if (testimony === undefined) throw new Error('it is on the record');
	const her = { publicKey: before.account.cardSigner.publicKey };
	const replay = { ...her, sign: async () => Uint8Array.from(testimony.sig) };
	const mails = [signed.mail, saying(signed, 'I take the flat, and the cat.')];
	for (const onRecord of [replay, before.account.cardSigner]) {
		for (const mail of mails) {
			const fresh = await recipientOf(held);
			const entry = await forge(fresh, signed, { mail, onRecord });
			const taken = await takenIn(fresh, signed, entry);
			expect(taken).toMatchObject({ isOnRecord: false, isMissigned: true });
			const sig = await signOnRecord(onRecord, idToCid(taken.thread), mail);
			const claim = makeProof({ ...taken, testimony: { ...testimony, sig } }, []);
			const verdict = await checkProof(fresh.desk.suite, claim ?? new Uint8Array());
			expect(verdict).toMatchObject({ kind: 'invalid', part: 'message' });
		}
	}
	const honest = makeProof(signed, []) ?? new Uint8Array();
	expect(await checkProof(before.desk.suite, honest)).toMatchObject({ kind: 'valid' });
});

/** What differs between any two messages. */
const ofItsOwn = { thread: null, id: null, entry: null, order: null, receivedAt: null };

/** A letter in Alice's name, of what Bob has: everything that would be sent. */
async function forge(
	{ desk, account }: Recipient,
	{ from }: MessageRecord,
	draft: Draft
): Promise<readonly EntryBundle[]> {
	const contact = await desk.store.get('contact', [from]);
	if (contact?.keys?.xwing === undefined) throw new Error('he has her public keys');
	const { record, card, xwing } = contact.keys;
	const ports = threadPorts(desk);
	const alice = { root: addressToRootKey(from), record, card, xwing };
	const forger = await pretendToBe(ports, account.me, alice);
	const { to, cc, subject } = draft.mail;
	const { root, record: own, card: ownCard, xwing: ownXwing } = account.me;
	const made = await createThread(ports, forger, {
		people: [{ root, record: own, card: ownCard, xwing: ownXwing, contact: desk.random(32) }],
		open: { from: [draft.mail.from], to, cc, subject },
		rules: { add: 'members', write: 'members' },
		draft
	});
	if (!made.ok) throw new Error('no letter');
	return made.bundles;
}

/** What everybody finds who is given these entries and all that Bob has, his secret keys too. */
async function inspect({ desk, account }: Recipient, bundles: readonly EntryBundle[]) {
	const opened = await openBundles(threadPorts(desk), account.me, null, bundles);
	if (opened.state === null) throw new Error('it does not open');
	return {
		...{ refused: opened.refused, missing: opened.missing },
		messages: shownMessages(opened.state).map(({ root, mail, sure, record, status }) => ({
			...{ root: toHex(root), mail, sure, record, status }
		})),
		shape: bundles.map(({ header, body, wraps }) => [
			...[header.length, body?.length],
			...wraps.map(({ length }) => length)
		])
	};
}

/** Bob's own program takes it in as it does what comes over a connection with her; the row. */
async function takenIn(
	{ desk, account }: Recipient,
	{ from }: MessageRecord,
	bundles: readonly EntryBundle[]
): Promise<MessageRecord> {
	const known = new Set((await desk.store.list('message')).map(({ id }) => id));
	const admission = { from, mayBegin: true, makesContact: false };
	const { refused } = await receive(desk, account, admission, bundles);
	const added = (await desk.store.list('message')).find(({ id }) => !known.has(id));
	if (added === undefined) throw new Error(`not taken: ${refused[0]?.reason ?? 'no reason'}`);
	return added;
}

/** Into his real browser with it. */
async function show(page: Page, { desk }: Recipient, message: MessageRecord): Promise<void> {
	const { thread: id } = message;
	const thread = await desk.store.get('thread', [id]);
	if (thread === null) throw new Error('it has its thread');
	const entries = await desk.store.list('entry', [id]);
	await plant(page, [
		{ table: 'thread', key: [id], row: toHex(rowToBytes(thread)) },
		{ table: 'message', key: [id, message.id], row: toHex(rowToBytes(message)) },
		...entries.map((entry) => ({
			...{ table: 'entry' as const, key: [id, entryIdOf(entry.header)] },
			row: toHex(rowToBytes(entry))
		}))
	]);
	await page.reload();
}

async function messageWith({ desk }: Recipient, text: string): Promise<MessageRecord> {
	const rows = await desk.store.list('message');
	const found = rows.find(({ mail }) => mail.text.includes(text));
	if (found === undefined) throw new Error(`no message "${text}"`);
	return found;
}

async function bundlesIn(
	{ desk, account }: Recipient,
	{ thread }: MessageRecord
): Promise<readonly EntryBundle[]> {
	const replica = await loadReplica(desk, account, thread);
	const ids = replica === null ? [] : entriesInOrder(replica.state);
	const rows = await Promise.all(ids.map((id) => desk.store.get('entry', [thread, id])));
	return rows.filter((row) => row !== null);
}

/** The same mail with another text, in both of its forms. */
function saying({ mail }: MessageRecord, text: string): MessageRecord['mail'] {
	return { ...mail, text, ...(mail.html !== undefined && { html: `<div>${text}</div>` }) };
}

/** Address and card key of whoever owns this browser, and all secrets of theirs, in hex. */
async function accountOf(page: Page) {
	const { account, desk } = await recipientOf(await dumpOf(page));
	const { cardSeed, authSeed, joinSecret, writerSecret, peerSeed, entropy, prekeys } =
		account.record;
	const seeds: Uint8Array[] = [];
	for (const { kept } of prekeys) {
		const both = kept && (await desk.ring.open(kept.under, kept.sealed));
		if (!both) throw new Error('its prekeys are under the ring');
		seeds.push(both.slice(0, -32), both.slice(-32));
	}
	const all = [cardSeed, authSeed, joinSecret, writerSecret, peerSeed, ...seeds];
	const { address } = account.record;
	const secrets = [...all, ...(entropy === undefined ? [] : [entropy])].map(toHex);
	return [{ address, card: toHex(account.cardSigner.publicKey) }, secrets] as const;
}

function menuOf(page: Page) {
	return page.getByTestId('message').last();
}

async function exportProof(page: Page, file: string): Promise<string> {
	const message = menuOf(page);
	await message.hover();
	await message.getByRole('button', { name: 'Answer this message' }).click();
	const saved = page.waitForEvent('download');
	await message.getByRole('button', { name: 'Export proof' }).click();
	const download = await saved;
	expect(download.suggestedFilename()).toBe(`${LEASE.subject}.defms-proof`);
	await download.saveAs(file);
	return file;
}

async function choose(page: Page, label: string, file: string | typeof FILE): Promise<void> {
	await page.locator('input[type=file]').and(page.getByLabel(label)).setInputFiles(file);
}

/** `npm run proof`, without npm between. */
function checkByCommand(...files: readonly string[]): Promise<{ code: number; text: string }> {
	const script = path.resolve(import.meta.dirname, '../../scripts/run.mjs');
	return new Promise((resolve) => {
		const child = execFile(process.execPath, [script, 'proof', 'check', ...files], (_, out, err) =>
			resolve({ code: child.exitCode ?? -1, text: out + err })
		);
	});
}
