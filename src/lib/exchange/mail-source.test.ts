import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js';
import { expect, test } from 'vitest';
import { BEGINNING, inOrder, readSource, type Position, type SourceFile } from './mail-source.ts';

const FROM = 'From a@example.org Sun Nov 22 11:00:00 2026\n';
const MAIL = 'From: a@example.org\nSubject: Hi\n\nHi\n';

async function zipOf(files: Readonly<Record<string, string>>): Promise<Blob> {
	const zip = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
	for (const [name, text] of Object.entries(files)) await zip.add(name, new TextReader(text));
	return zip.close();
}

async function found(files: readonly SourceFile[], from: Position = BEGINNING) {
	return Array.fromAsync(readSource(inOrder(files), from));
}

function file(path: string, text: string): SourceFile {
	return { path, file: new Blob([text]) };
}

test('a zip of a Maildir and an mbox, from wherever one stopped', async () => {
	const zip = await zipOf({
		'Takeout/Mail/All.mbox': `${FROM}${MAIL}\n${FROM}${MAIL}`,
		'Maildir/cur/1.host:2,S': MAIL,
		'Maildir/dovecot.index': 'nothing'
	});
	const all = await found([{ path: 'a.zip', file: zip }]);
	expect(all.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
		'mail a.zip/Takeout/Mail/All.mbox',
		'mail a.zip/Takeout/Mail/All.mbox',
		'mail a.zip/Maildir/cur/1.host:2,S',
		'other a.zip/Maildir/dovecot.index'
	]);
	for (const [at, { position }] of all.entries()) {
		const rest = await found([{ path: 'a.zip', file: zip }], position);
		expect(rest).toHaveLength(all.length - at - 1);
	}
});

test('a folder is read in the order of its names, whatever order the browser has', async () => {
	const files = [file('b/new/2', MAIL), file('b/cur/1', MAIL), file('a.eml', MAIL), file('x', 'x')];
	const kinds = (await found(files)).map(({ kind, path }) => `${kind} ${path}`);
	expect(kinds).toEqual(['mail a.eml', 'mail b/cur/1', 'mail b/new/2', 'other x']);
});

test('of a zip that was cut off the rest is told, and what follows is read', async () => {
	const zip = await zipOf({ 'a.eml': MAIL.repeat(100) });
	const files = [{ path: 'a.zip', file: zip.slice(0, zip.size - 30) }, file('b.eml', MAIL)];
	expect((await found(files)).map(({ kind }) => kind)).toEqual(['damaged', 'mail']);
});

class Vanishing extends Blob {
	isGone = false;

	override slice(start?: number, end?: number): Blob {
		const part = super.slice(start, end);
		const gone = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
		return this.isGone ? Object.assign(part, { arrayBuffer: gone, stream: gone }) : part;
	}
}

function goneFile(path: string): SourceFile {
	return { path, file: Object.assign(new Vanishing([MAIL]), { isGone: true }) };
}

test('of a folder the file that cannot be read is named, and the others are read', async () => {
	const files = [file('a.eml', MAIL), goneFile('b.eml'), file('c.eml', MAIL)];
	const all = await found(files);
	expect(all.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
		'mail a.eml',
		'damaged b.eml',
		'mail c.eml'
	]);
	const rest = await found(files, all[1]?.position);
	expect(rest.map(({ path }) => path)).toEqual(['c.eml']);
	expect((await found([file('a.eml', MAIL), goneFile('b.eml')])).at(-1)?.kind).toBe('damaged');
});

test('a folder that is taken away as a whole is told as that, and goes on from there', async () => {
	const files = [goneFile('a.eml'), file('empty', ''), goneFile('b.eml')];
	await expect(found(files)).rejects.toThrow(DOMException);
});

test('a zip that is taken away meanwhile is not damaged', async () => {
	const large = `${MAIL}${'line\n'.repeat(100_000)}`;
	const zip = new Vanishing([await zipOf({ 'a.eml': MAIL, 'b.eml': large, 'c.eml': MAIL })]);
	const kinds: string[] = [];
	const reading = async () => {
		for await (const { kind } of readSource([{ path: 'a.zip', file: zip }], BEGINNING)) {
			kinds.push(kind);
			zip.isGone = true;
		}
	};
	await expect(reading()).rejects.toThrow(DOMException);
	expect(kinds).not.toContain('damaged');
});
