import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { readSamples } from '../../../tests/exchange/mime-corpus.ts';
import { openFile } from '../post/files.ts';
import { StorageFull, type Desk } from '../post/ports.ts';
import type { MessageRecord } from '../post/records.ts';
import { putThread } from '../post/summary.ts';
import { concat, utf8 } from '../wire/bytes.ts';
import { isLegacyThread, parseBlockId } from '../wire/ids.ts';
import { bringMails, type Tally } from './bring.ts';
import { prepare } from './brought.ts';
import { readBatches } from './brought-batches.ts';
import { exportMessage } from './export-message.ts';
import { BEGINNING, inOrder, type Position, type SourceFile } from './mail-source.ts';
import { toMbox } from './mbox.ts';
import { gather } from './mime-build.ts';
import { createLabel, inTree, namesFor, readLabels } from '../mailbox/labels.ts';
import { deleteForever } from '../mailbox/places.ts';

interface Mail {
	readonly id: string;
	readonly re?: string;
	readonly refs?: string;
	readonly more?: string;
}

function mailOf({ id, re, refs, more = '' }: Mail): Uint8Array<ArrayBuffer> {
	const fields = [
		'From: Mira <mira@example.org>',
		'To: Tom <tom@example.org>',
		`Subject: ${re === undefined ? '' : 'Re: '}House`,
		`Message-ID: <${id}@x>`,
		...(re === undefined ? [] : [`In-Reply-To: <${re}@x>`]),
		...(refs === undefined
			? []
			: [
					`References: ${refs
						.split(' ')
						.map((each) => `<${each}@x>`)
						.join(' ')}`
				]),
		`Date: Sun, 22 Nov 2026 11:0${String(id.charCodeAt(0) % 10)}:00 +0000`
	];
	return utf8(`${fields.join('\r\n')}\r\n${more}\r\nText of ${id}\r\n`);
}

const A = mailOf({ id: 'a' });
const B = mailOf({ id: 'b', re: 'a', refs: 'a' });
const C = mailOf({ id: 'c', re: 'b', refs: 'a b' });
const D = mailOf({ id: 'd', re: 'c' });
const OTHER = mailOf({ id: 'z' });

async function bring(
	desk: Desk,
	mails: readonly Uint8Array<ArrayBuffer>[],
	path = 'a.eml'
): Promise<Tally> {
	const brought = await Promise.all(
		mails.map((bytes) => prepare({ kind: 'mail', bytes, path, position: BEGINNING }))
	);
	return bringMails(desk, brought, () => []);
}

async function shapeOf(desk: Desk): Promise<string[]> {
	const threads = await desk.store.list('thread');
	const shapes = await Promise.all(
		threads.map(async ({ id, count, digest }) => {
			const messages = await desk.store.list('message', [id]);
			expect(messages).toHaveLength(count);
			expect(digest?.recent).toHaveLength(count);
			return messages
				.map(({ legacy }) => legacy?.messageId?.slice(0, 1))
				.sort()
				.join('');
		})
	);
	return shapes.sort();
}

test('threads are rebuilt, in whatever order their mails come', async () => {
	const orders = [
		[A, B, C, D, OTHER],
		[D, C, B, A, OTHER],
		[OTHER, D, A, C, B],
		[C, OTHER, D, B, A]
	];
	for (const order of orders) {
		const together = createDesk();
		await bring(together, order);
		expect(await shapeOf(together)).toEqual(['abcd', 'z']);
		const apart = createDesk();
		for (const mail of order) await bring(apart, [mail]);
		expect(await shapeOf(apart)).toEqual(['abcd', 'z']);
	}
});

test('a mail for which two threads waited makes one of them', async () => {
	const desk = createDesk();
	await bring(desk, [A, D]);
	expect(await shapeOf(desk)).toEqual(['a', 'd']);
	const before = await desk.store.list('thread');
	await bring(desk, [C]);
	expect(await shapeOf(desk)).toEqual(['acd']);
	// What leads to the one that is no more leads to the other now.
	await bring(desk, [mailOf({ id: 'e', re: 'd' }), mailOf({ id: 'f', re: 'a' })]);
	expect(await shapeOf(desk)).toEqual(['acdef']);
	expect(before.map(({ id }) => id)).toContain((await desk.store.list('thread'))[0]?.id);
});

test('a mail that names many threads joins none of them to another', async () => {
	const desk = createDesk();
	await bring(desk, [mailOf({ id: 'a' }), mailOf({ id: 'b' }), mailOf({ id: 'e' })]);
	await bring(desk, [mailOf({ id: 'f', re: 'e', refs: 'a b e' })]);
	expect(await shapeOf(desk)).toEqual(['a', 'b', 'ef']);
	// Nor does one under the id of another's.
	const forged = utf8(new TextDecoder().decode(mailOf({ id: 'a', re: 'b' })) + 'mine');
	expect(await bring(desk, [forged])).toMatchObject({ brought: 1 });
	expect(await shapeOf(desk)).toEqual(['aa', 'b', 'ef']);
});

test('mails that name each other in a circle are one thread', async () => {
	const desk = createDesk();
	const circle = [
		mailOf({ id: 'a', re: 'b' }),
		mailOf({ id: 'b', re: 'c' }),
		mailOf({ id: 'c', re: 'a' })
	];
	await bring(desk, circle);
	for (const mail of circle.toReversed()) await bring(desk, [mail]);
	expect(await shapeOf(desk)).toEqual(['abc']);
});

test("Google's conversations are as Google made them", async () => {
	const desk = createDesk();
	await bring(desk, [
		mailOf({ id: 'a', more: 'X-GM-THRID: 1\r\n' }),
		mailOf({ id: 'b', re: 'a', more: 'X-GM-THRID: 2\r\n' }),
		mailOf({ id: 'c', more: 'X-GM-THRID: 1\r\n' })
	]);
	expect(await shapeOf(desk)).toEqual(['ac', 'b']);
});

test('what is here already is left out, and counted', async () => {
	const desk = createDesk();
	expect(await bring(desk, [A, B, A])).toEqual({ brought: 2, duplicates: 1, unread: 0 });
	const threads = await desk.store.list('thread');
	expect(await bring(desk, [A, C])).toEqual({ brought: 1, duplicates: 1, unread: 0 });
	expect(await shapeOf(desk)).toEqual(['abc']);
	expect((await desk.store.list('thread'))[0]?.id).toBe(threads[0]?.id);
});

test('other mails under the same Message-ID are not lost', async () => {
	const desk = createDesk();
	const other = utf8(new TextDecoder().decode(A).replace('11:0', '12:0'));
	expect(await bring(desk, [A, other])).toMatchObject({ brought: 2, duplicates: 0 });
	// Who knows the id, the date and the writer could else put a mail in another's place.
	const forged = utf8(new TextDecoder().decode(A).replace('Text', 'Lies'));
	expect(await bring(desk, [forged])).toMatchObject({ brought: 1, duplicates: 0 });
});

test('a mail whose header alone has changed is here already', async () => {
	const desk = createDesk();
	const text = new TextDecoder().decode(A);
	const again = [`X-Gmail-Labels: Work\r\n${text}`, text.replaceAll('\r\n', '\n')].map(utf8);
	expect(await bring(desk, [A, ...again])).toMatchObject({ brought: 1, duplicates: 2 });
});

test('large mails of the same length without an id are not one', async () => {
	const desk = createDesk();
	const large = (text: string) => ({
		...({ kind: 'mail', path: `${text}.eml`, position: BEGINNING } as const),
		bytes: new Blob([`From: a@example.org\r\n\r\n${text}`])
	});
	const brought = await Promise.all(['one', 'two'].map((text) => prepare(large(text))));
	expect(await bringMails(desk, brought, () => [])).toMatchObject({ brought: 2 });
});

test('labels and flags say where it stands and whether it was read', async () => {
	const desk = createDesk();
	await bring(desk, [mailOf({ id: 'a', more: 'X-Gmail-Labels: Inbox,Unread\r\n' })]);
	await bring(desk, [mailOf({ id: 'b', more: 'X-Gmail-Labels: Sent\r\n' })]);
	await bring(desk, [mailOf({ id: 'c' })], 'Maildir/.Trash/cur/1.host:2,S');
	await bring(desk, [mailOf({ id: 'd' })], 'Maildir/new/1.host');
	await bring(desk, [mailOf({ id: 'e', more: 'Status: RO\r\n' })], 'Work.mbox');
	const rows = (await desk.store.list('message')).sort((x, y) => x.order - y.order);
	const found = await Promise.all(
		rows.map(async ({ thread, isUnread, isMine, legacy }) => {
			const row = await desk.store.get('thread', [thread]);
			return [legacy?.messageId?.[0], row?.place, isUnread, isMine].join(' ');
		})
	);
	expect(found.sort()).toEqual([
		'a inbox true false',
		'b archive false true',
		'c trash false false',
		'd inbox true false',
		'e archive false false'
	]);
});

test('labels and stars of elsewhere are those of here', async () => {
	const desk = createDesk();
	await createLabel(desk, { name: 'work', hue: 'red', parent: null });
	const more = 'X-Gmail-Labels: Inbox,Work/Projects,Starred,"Häuser"\r\n';
	await bring(desk, [mailOf({ id: 'a', more }), mailOf({ id: 'b', more })]);
	await bring(desk, [mailOf({ id: 'c', re: 'a' })], 'Maildir/.Old/cur/1:2,S');
	const all = await readLabels(desk);
	expect(inTree(all).map(({ path }) => path)).toEqual(['Häuser', 'Old', 'work', 'work / Projects']);
	const named = namesFor(all);
	const threads = (await desk.store.list('thread')).sort((x, y) => y.count - x.count);
	expect(threads.map(({ isStarred }) => isStarred)).toEqual([true, true]);
	expect(threads.map((row) => [...named(row)].sort().join())).toEqual([
		'Häuser,Häuser,Old,Old,Projects,work/Projects',
		'Häuser,Häuser,Projects,work/Projects'
	]);
});

test('what two threads were marked with is on the one that they become, and nothing is hidden', async () => {
	const desk = createDesk();
	await bring(desk, [A, D]);
	const threads = await desk.store.list('thread');
	const [first, second] = threads.sort((x, y) => x.latest.date - y.latest.date);
	if (first === undefined || second === undefined) throw new Error('there are two');
	const muted = { ...first, isMuted: true as const, labels: ['one'], snoozedUntil: 9e15 };
	const starred = { ...second, isStarred: true as const, labels: ['two'], place: 'inbox' as const };
	await desk.store.commit([putThread(muted), putThread(starred)]);
	await bring(desk, [C]);
	const [row, ...others] = await desk.store.list('thread');
	expect(others).toEqual([]);
	expect(row).toMatchObject({ isStarred: true, place: 'inbox', labels: ['one', 'two'] });
	expect(row?.isMuted).toBeUndefined();
	expect(row?.snoozedUntil).toBeUndefined();
});

test('a silenced thread stays silent when more of it comes', async () => {
	const desk = createDesk();
	await bring(desk, [A]);
	const [thread] = await desk.store.list('thread');
	if (thread === undefined) throw new Error('it was brought');
	await desk.store.commit([putThread({ ...thread, isMuted: true, place: 'archive' })]);
	await bring(desk, [mailOf({ id: 'b', re: 'a', more: 'X-Gmail-Labels: Inbox,Unread\r\n' })]);
	expect((await desk.store.list('thread'))[0]).toMatchObject({ isMuted: true, place: 'archive' });
});

test('an import makes no more labels than a person can look through', async () => {
	const desk = createDesk();
	const mails = Array.from({ length: 30 }, (_, at) => {
		const names = Array.from({ length: 30 }, (_each, i) => `n${String(at)}-${String(i)}`);
		return mailOf({ id: `m${String(at)}`, more: `X-Gmail-Labels: ${names.join()}\r\n` });
	});
	await bring(desk, mails);
	expect(await readLabels(desk)).toHaveLength(200);
});

test('what a sender writes says neither where it stands nor whose it is', async () => {
	const desk = createDesk();
	const trace = 'Received: from x by y; Sun, 22 Nov 2026 11:00:00 +0000\r\n';
	const forged = [
		'X-Gmail-Labels: Sent,Trash\r\nX-GM-THRID: 1\r\n',
		'X-Mozilla-Status: 0009\r\n'
	].map((more, at) => `${trace}${new TextDecoder().decode(mailOf({ id: 'ab'.charAt(at), more }))}`);
	const kept = `X-GM-THRID: 1\r\nX-Gmail-Labels: Sent\r\n${trace}${new TextDecoder().decode(mailOf({ id: 'c' }))}`;
	await bring(desk, [...forged, kept].map(utf8));
	const rows = await desk.store.list('message');
	expect(rows.map(({ isMine }) => isMine).sort()).toEqual([false, false, true]);
	expect((await desk.store.list('thread')).map(({ place }) => place)).not.toContain('trash');
	expect(await shapeOf(desk)).toEqual(['a', 'b', 'c']);
});

test('no field is longer than a row may hold', async () => {
	const desk = createDesk();
	const long = 'a'.repeat(100_000);
	await bring(desk, [utf8(`From: ${long}@example.org\r\nSubject: ${long}\r\nDate: x\r\n\r\nHi`)]);
	const [thread] = await desk.store.list('thread');
	expect(thread?.subject.length).toBeLessThan(1000);
	expect(thread?.latest.from.length).toBeLessThan(400);
});

test('such a thread is known as one, has no members, and is given to nobody', async () => {
	const desk = createDesk();
	await bring(desk, [A]);
	const [thread] = await desk.store.list('thread');
	expect(thread?.members).toEqual([]);
	expect(thread && isLegacyThread(thread.id)).toBe(true);
	expect(thread?.latest.from).toBe('mira@example.org');
});

test('a mail that cannot be read is kept as a file', async () => {
	const desk = createDesk();
	const deep = utf8(`${'Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n'.repeat(500)}x`);
	const tally = await bring(desk, [deep]);
	expect(tally).toEqual({ brought: 1, duplicates: 0, unread: 1 });
	const [message] = await desk.store.list('message');
	expect(message?.mail.attachments).toHaveLength(1);
	expect(message?.legacy?.problem).toBe('unreadable');
	expect(message && (await original(desk, message))).toEqual(deep);
});

test('files stand once, and the original comes back byte for byte', async () => {
	const desk = createDesk();
	const content = Uint8Array.from({ length: 50_000 }, (_, at) => (at * 7919) >> 3);
	const base64 = Buffer.from(content).toString('base64').replace(/.{76}/g, '$&\r\n');
	const mail = utf8(
		`${new TextDecoder().decode(A).split('\r\n\r\n')[0] ?? ''}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n` +
			`--b\r\n\r\nHello\r\n--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n--b--\r\n`
	);
	await bring(desk, [mail]);
	const [message] = await desk.store.list('message');
	expect(message?.mail.attachments[0]).toMatchObject({ name: 'a.png', size: content.length });
	expect(message?.legacy?.rest.size).toBeLessThan(1000);
	expect(message && (await original(desk, message))).toEqual(mail);
});

test('what is deleted for good leaves no block', async () => {
	const desk = createDesk();
	await bring(desk, [A]);
	const [message] = await desk.store.list('message');
	const [thread] = await desk.store.list('thread');
	if (message === undefined || thread === undefined) throw new Error('it was brought');
	await deleteForever(desk, [thread.id], () => Promise.resolve([]));
	await expect(original(desk, message)).rejects.toThrow();
	expect(await bring(desk, [A])).toMatchObject({ brought: 1 });
	expect(await shapeOf(desk)).toEqual(['a']);
});

test('an empty file stays where another mail has one', async () => {
	const desk = createDesk();
	const part = 'Content-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n\r\n';
	const withEmpty = (id: string) => {
		const [head = ''] = new TextDecoder().decode(mailOf({ id })).split('\r\n\r\n');
		return utf8(
			`${head}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n--b\r\n${part}--b--\r\n`
		);
	};
	await bring(desk, [withEmpty('a'), withEmpty('b')]);
	const [first, second] = await desk.store.list('message');
	if (first === undefined || second === undefined) throw new Error('both were brought');
	const [file] = second.mail.attachments;
	expect(file?.size).toBe(0);
	await deleteForever(desk, [first.thread], () => Promise.resolve([]));
	expect(file && (await gather(openFile(desk, desk.blocks, file)))).toHaveLength(0);
});

test('where there is no room nothing is left behind', async () => {
	const desk = createDesk();
	const put: string[] = [];
	const { store, blocks } = desk;
	const full: Desk = {
		...desk,
		blocks: {
			has: (id) => blocks.has(id),
			get: (id) => blocks.get(id),
			missing: (ids) => blocks.missing(ids),
			remove: (ids) => blocks.remove(ids),
			put: async (list) => {
				await blocks.put(list);
				put.push(...list.map(({ id }) => id));
			}
		},
		store: {
			...store,
			get: (table, key) => store.get(table, key),
			list: (table, prefix) => store.list(table, prefix),
			commit: () => Promise.reject(new StorageFull())
		}
	};
	await expect(bring(full, [A, B])).rejects.toThrow(StorageFull);
	expect(put.length).toBeGreaterThan(0);
	const left = put.flatMap((id) => parseBlockId(id) ?? []);
	expect(await blocks.missing(left)).toEqual(left);
});

const samples = await readSamples();

test.skipIf(samples.length === 0)('the corpus as one mbox, cut off after each batch', async () => {
	const desk = createDesk();
	const parts = await Promise.all(
		samples.map(({ bytes }) =>
			gather(toMbox(once(bytes), { from: 'a@example.org', date: Date.UTC(2026, 0, 1) }))
		)
	);
	const files = [file('All.mbox', concat(...parts))];
	let tally = await bringFiles(desk, files, BEGINNING, 1);
	for (let run = 0; run < 3; run++)
		tally = sum(tally, await bringFiles(desk, files, tally.position, 1));
	const rows = await desk.store.list('message');
	expect(rows).toHaveLength(tally.brought);
	expect(tally.brought + tally.duplicates).toBe(samples.length);
	const kept = new Set<string>();
	for (const row of rows) kept.add(latin1(await original(desk, row)).trimEnd());
	const twins = samples.filter(({ bytes }) => !kept.has(latin1(bytes).trimEnd()));
	expect(twins.length).toBeLessThanOrEqual(tally.duplicates);
});

async function bringFiles(desk: Desk, files: readonly SourceFile[], from: Position, most: number) {
	let tally = { brought: 0, duplicates: 0, unread: 0, position: from };
	let count = 0;
	for await (const { mails, position } of readBatches(inOrder(files), from)) {
		tally = { ...sum(tally, await bringMails(desk, mails, () => [])), position };
		if (++count === most) break;
	}
	return tally;
}

function sum<T extends Tally>(a: Tally, b: T): T {
	const brought = a.brought + b.brought;
	return { ...b, brought, duplicates: a.duplicates + b.duplicates, unread: a.unread + b.unread };
}

async function original(desk: Desk, message: MessageRecord): Promise<Uint8Array> {
	return gather(exportMessage(message, [], (_, each) => openFile(desk, desk.blocks, each)));
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield await Promise.resolve(bytes);
}

function file(path: string, bytes: Uint8Array<ArrayBuffer>): SourceFile {
	return { path, file: new Blob([bytes]) };
}

function latin1(bytes: Uint8Array): string {
	return new TextDecoder('latin1').decode(bytes);
}
