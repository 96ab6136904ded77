/** PROTOCOL.md is the twin of the codec: every object with its fields, every label, every reason. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROUTES } from '../../relay/routes.ts';
import { LABELS } from '../../src/lib/wire/labels.ts';
import { parseInvite } from '../../src/lib/wire/invite.ts';
import { concat, toBase64url, utf8 } from '../../src/lib/wire/bytes.ts';
import { termsSchema } from '../../src/lib/wire/office.ts';
import { REFUSALS } from '../../src/lib/wire/refusal.ts';
import { quoted, readPage, sectionOf, slugOf, type Section } from './page.ts';
import {
	describe as wordsFor,
	grouped,
	isOptional,
	listObjects,
	MODULES,
	partOf
} from './shape.ts';
import type { Shape } from './shape.ts';

const FIELD_HEAD = ['field', 'type', 'meaning', 'optional'];
const CAPTION = /^Type `([\w-]+)` of `([\w/.]+)`, at most ([\d,]+)\s+bytes\./m;

const MAKES_DECODER = /createDecoder\(|: Decoder<\w+> =/;
/** The maker of decoders, and one of our own sealed storage. */
const NOT_SENT = ['wire/codec.ts', 'threads/secrets.ts'];

const page = readPage('PROTOCOL.md');
const objects = listObjects();

interface Captioned {
	readonly section: Section;
	readonly maxBytes: string | undefined;
}

interface FieldRow {
	readonly name: string;
	readonly type: string;
	readonly optional: string;
}

/** The rows of a table of fields; one that only links to another table stands for that one's rows. */
function fieldsOf(section: Section): FieldRow[] {
	const table = section.tables.find(({ head }) => head.join() === FIELD_HEAD.join());
	if (table === undefined) throw new Error(`"${section.heading}" has no table of fields`);
	return table.rows.flatMap(([name = '', type = '', , optional = '']) => {
		const link = linkIn(name);
		if (link !== null) return fieldsOf(sectionAt(link));
		return [{ name: quoted(name), type, optional }];
	});
}

/** The target of a link inside this page. */
function linkIn(cell: string): string | null {
	return /\]\(#([^)]+)\)/.exec(cell)?.[1] ?? null;
}

function sectionAt(slug: string): Section {
	const found = page.find(({ heading }) => slugOf(heading) === slug);
	if (found === undefined) throw new Error(`no section for #${slug}`);
	return found;
}

const visited = new Set<string>();

/** The fields as the schema has them, in the words of the section's own links. */
function expectFields(section: Section, entries: Readonly<Record<string, Shape>>): void {
	visited.add(section.heading);
	const rows = fieldsOf(section);
	const expected = Object.entries(entries)
		.filter(([name]) => name !== 'v' && name !== 't')
		.map(([name, field]) => {
			const cell = rows.find((row) => row.name === name)?.type ?? '';
			const part = /\[[^\]]+\]\(#[^)]+\)/.exec(cell)?.[0] ?? null;
			const type = wordsFor(field, part);
			return { name, type, optional: isOptional(field) ? 'yes' : '' };
		});
	expect(rows).toEqual(expected);
	for (const { name, type } of rows) {
		const link = linkIn(type);
		const part = entries[name] === undefined ? null : partOf(entries[name]);
		if (link === null || part?.entries === undefined) continue;
		const below = sectionAt(link);
		if (!visited.has(below.heading)) expectFields(below, part.entries);
	}
}

/** Sections that say which type they describe, by `file type`. */
const captioned: ReadonlyMap<string, Captioned> = new Map<string, Captioned>(
	page.flatMap((section) => {
		const [, type, file, maxBytes] = CAPTION.exec(section.text) ?? [];
		return type === undefined || file === undefined
			? []
			: [[`${file} ${type}`, { section, maxBytes }] as const];
	})
);

describe('the tables of objects', () => {
	test('know every file that decodes what others sent', () => {
		const lib = new URL('../../src/lib/', import.meta.url);
		const files = readdirSync(lib, { recursive: true, encoding: 'utf8' });
		const decoding = files.filter((file) => {
			if (!file.endsWith('.ts') || file.endsWith('.test.ts') || NOT_SENT.includes(file))
				return false;
			return MAKES_DECODER.test(readFileSync(new URL(file, lib), 'utf8'));
		});
		expect(decoding.sort()).toEqual(Object.keys(MODULES).sort());
	});

	test('are there for every type, and for no other', () => {
		expect([...captioned.keys()].sort()).toEqual([...objects.keys()].sort());
	});

	test.each([...objects])('say what %s is', (name, { entries, maxBytes, type }) => {
		const found = captioned.get(name);
		if (found === undefined) throw new Error('it has no table');
		expect(found.section.heading.split(' ')[0]).toBe(type);
		expect(found.maxBytes).toBe(grouped(maxBytes));
		expectFields(found.section, entries);
	});

	test('say what the terms of an office are', () => {
		const { entries } = termsSchema as Shape;
		expectFields(sectionOf(page, '7.1 Terms'), entries ?? {});
	});

	test('describe nothing that is not there', () => {
		const described = page.filter(({ tables }) =>
			tables.some(({ head }) => head.join() === FIELD_HEAD.join())
		);
		const unused = described.map(({ heading }) => heading).filter((each) => !visited.has(each));
		expect(unused).toEqual(['head of a body']);
	});
});

test('the table of labels has every label, once', () => {
	const [table] = sectionOf(page, '2.2 Labels').tables;
	const labels = (table?.rows ?? []).map(([label = '']) => quoted(label));
	expect(labels.toSorted()).toEqual(Object.values(LABELS).toSorted());
	expect(new Set(labels).size).toBe(labels.length);
});

test('the table of reasons has every reason, in the order of the checks', () => {
	const [table] = sectionOf(page, '2.1 Reading what a stranger sent').tables;
	expect((table?.rows ?? []).map(([reason = '']) => quoted(reason))).toEqual(REFUSALS);
});

test('the table of requests is what a post office answers', () => {
	const [table] = sectionOf(page, '7. Post office').tables;
	const documented = (table?.rows ?? []).map(([request = '', who = '']) => {
		return `${who} ${quoted(request).replace(/<\w+>/, '*')}`;
	});
	const routes = ROUTES.map(({ method, path, who }) => `${who} ${method} ${path}`);
	expect(documented).toEqual(['anyone GET /.well-known/defms.json', ...routes]);
});

test('an invite packed by its table is an invite', () => {
	const [table] = sectionOf(page, '3.2 Invite link').tables;
	const name = utf8('Bob');
	const values: Readonly<Record<string, Uint8Array>> = {
		version: Uint8Array.of(1),
		rootSeq: Uint8Array.of(1, 0, 0, 0, 0, 2),
		seq: Uint8Array.of(0, 0, 0, 0, 1, 0),
		length: Uint8Array.of(name.length),
		name,
		office: utf8('https://post.example.org')
	};
	const packed = (table?.rows ?? []).map(([size = '', field = '']) => {
		const value = values[field] ?? new Uint8Array(Number(size)).fill(field.length);
		if (/^\d+$/.test(size)) expect(value.length).toBe(Number(size));
		return value;
	});
	const invite = parseInvite(`https://app.example.org/#i=${toBase64url(concat(...packed))}`);
	expect(invite).toMatchObject({
		root: new Uint8Array(32).fill('root'.length),
		pair: { rootSeq: 2 ** 40 + 2, seq: 256 },
		slot: new Uint8Array(32).fill('slot'.length),
		token: new Uint8Array(16).fill('token'.length),
		name: 'Bob',
		office: 'https://post.example.org'
	});
});

test('links inside the page lead somewhere', () => {
	const slugs = new Set(page.map(({ heading }) => slugOf(heading)));
	const links = page.flatMap(({ text }) => [...text.matchAll(/\]\(#([^)]+)\)/g)]);
	expect(links.map(([, slug]) => slug).filter((slug) => !slugs.has(slug ?? ''))).toEqual([]);
});
