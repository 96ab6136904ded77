import { expect, test } from 'vitest';
import { createPerson, deliver, introduce, post } from '../../../tests/sim/people.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { cidToBlockId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';

const MANIFEST = cidToBlockId(cidOfRaw(new Uint8Array()));

test('a text that begins with a byte order mark, as one from a file does, is sent without it', async () => {
	const now = () => 1_790_000_000_000;
	const [alice, bob] = [await createPerson('Alice', now), await createPerson('Bob', now)];
	await introduce([alice, bob]);
	const text = 'with a mark, and \uFEFF inside';
	const { threadId } = await post(alice, [bob], { text: `\uFEFF${text}` });
	await deliver(alice, [bob]);
	for (const { desk } of [alice, bob]) {
		const [row] = await desk.store.list('message', [threadId]);
		expect(row?.mail.text).toBe(text);
	}
});

test('a name that begins with such a mark, as the own one, is sent without it', async () => {
	const now = () => 1_790_000_000_000;
	const [alice, bob] = [await createPerson('Alice', now), await createPerson('Bob', now)];
	await introduce([alice, bob]);
	const record = { ...alice.account.record, name: '\uFEFFAlice' };
	const marked = { ...alice, account: { ...alice.account, record } };
	const { threadId } = await post(marked, [bob], { text: 'Now' });
	await deliver(alice, [bob]);
	const [row] = await bob.desk.store.list('message', [threadId]);
	expect(row?.mail.from.name).toBe('Alice');
});

test('plain text goes out without HTML, whatever it looked like before', async () => {
	const now = () => 1_790_000_000_000;
	const [alice, bob] = [await createPerson('Alice', now), await createPerson('Bob', now)];
	await introduce([alice, bob]);
	const html = `<div><b>Now</b>${'x'.repeat(LIMITS.contentBytes)}</div>`;
	const { threadId } = await post(alice, [bob], { text: 'Now', html, isPlain: true });
	await deliver(alice, [bob]);
	const [row] = await bob.desk.store.list('message', [threadId]);
	expect(row?.mail.text).toBe('Now');
	expect(row?.mail.html).toBeUndefined();
});

test('what is too large to be handed on to newcomers is not written', async () => {
	const now = () => 1_790_000_000_000;
	const [alice, bob] = [await createPerson('Alice', now), await createPerson('Bob', now)];
	await introduce([alice, bob]);
	const sealed = { key: new Uint8Array(32), sha256: new Uint8Array(32), manifest: MANIFEST };
	const files = Array.from({ length: LIMITS.attachments }, (_, at) => {
		return { id: String(at), name: 'n'.repeat(LIMITS.fileNameBytes), type: 't', size: 1, sealed };
	});
	const text = 'x'.repeat(LIMITS.contentBytes);
	await expect(post(alice, [bob], { text, files })).rejects.toThrow('too-large');
	await post(alice, [bob], { text, files: files.slice(0, 8) });
	const half = { text: text.slice(0, 90_000), files };
	await post(alice, [bob], half);
});
