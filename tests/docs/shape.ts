/** The schemas of what crosses a boundary, in the words of PROTOCOL.md's tables. */

import * as body from '../../src/lib/wire/body.ts';
import * as entry from '../../src/lib/wire/entry.ts';
import * as identity from '../../src/lib/wire/identity.ts';
import * as mail from '../../src/lib/wire/mail.ts';
import * as notice from '../../src/lib/wire/notice.ts';
import * as office from '../../src/lib/wire/office.ts';
import * as parcel from '../../src/lib/wire/parcel.ts';
import * as record from '../../src/lib/wire/record.ts';
import * as sync from '../../src/lib/wire/sync.ts';
import * as reconcile from '../../src/lib/threads/reconcile.ts';

/** Files that decode what others sent, below src/lib. */
export const MODULES: Readonly<Record<string, object>> = {
	'threads/reconcile.ts': reconcile,
	'wire/body.ts': body,
	'wire/entry.ts': entry,
	'wire/identity.ts': identity,
	'wire/mail.ts': mail,
	'wire/notice.ts': notice,
	'wire/office.ts': office,
	'wire/parcel.ts': parcel,
	'wire/record.ts': record,
	'wire/sync.ts': sync
};

/** What valibot shows of a schema, as far as we look. */
export interface Shape {
	readonly type: string;
	readonly message?: unknown;
	readonly literal?: unknown;
	readonly requirement?: unknown;
	readonly entries?: Readonly<Record<string, Shape>>;
	readonly options?: readonly unknown[];
	readonly item?: Shape;
	readonly wrapped?: Shape;
	readonly pipe?: readonly Shape[];
}

/** One type of object, as its decoder takes it. */
export interface ObjectShape {
	/** Its tag `t`. */
	readonly type: string;
	/** In which file it stands. */
	readonly file: string;
	readonly maxBytes: number;
	readonly entries: Readonly<Record<string, Shape>>;
}

interface DecoderShape {
	readonly maxBytes: number;
	readonly schema: Shape;
}

/** Every type that some decoder takes, by `file type`; its own decoder's bound before a union's. */
export function listObjects(): ReadonlyMap<string, ObjectShape> {
	const objects = new Map<string, ObjectShape>();
	for (const [file, module] of Object.entries(MODULES)) {
		const decoders = Object.values(module).filter(isDecoder);
		const alone = decoders.filter(({ schema }) => schema.entries !== undefined);
		for (const { schema, maxBytes } of [...alone, ...decoders]) {
			for (const entries of entriesOf(schema)) {
				const type = String(entries['t']?.literal);
				const name = `${file} ${type}`;
				if (!objects.has(name)) objects.set(name, { type, file, maxBytes, entries });
			}
		}
	}
	return objects;
}

function isDecoder(value: unknown): value is DecoderShape {
	return typeof value === 'object' && value !== null && 'decode' in value && 'schema' in value;
}

function entriesOf({ entries, options }: Shape): Readonly<Record<string, Shape>>[] {
	if (entries !== undefined) return [entries];
	return (options ?? []).flatMap((option) => entriesOf(option as Shape));
}

/** All that a schema and its pipes check, outermost last. */
function checksOf(shape: Shape): Shape[] {
	return (shape.pipe ?? []).flatMap((each) => (each === shape ? [] : [each, ...checksOf(each)]));
}

function requirement(shape: Shape, type: string): number | null {
	const found = checksOf(shape).findLast((check) => check.type === type)?.requirement;
	return typeof found === 'number' ? found : null;
}

export function isOptional({ type }: Shape): boolean {
	return type === 'optional';
}

/** The object inside a field, through lists and optionality; `null`: there is none. */
export function partOf(shape: Shape): Shape | null {
	if (shape.entries !== undefined) return shape;
	const inner = shape.item ?? shape.wrapped;
	return inner === undefined ? null : partOf(inner);
}

/** @param part how the table calls the object inside; `null`: it is spelt out */
export function describe(shape: Shape, part: string | null): string {
	switch (shape.type) {
		case 'optional':
			return describe(inside(shape), part);
		case 'nullable':
			return `${describe(inside(shape), part)} or null`;
		case 'custom':
			return describeBytes(String(shape.message));
		case 'string':
			return describeText(shape);
		case 'number':
			return describeCount(shape);
		case 'boolean':
			return 'boolean';
		case 'literal':
			return `\`${String(shape.literal)}\``;
		case 'picklist':
			return describeWords((shape.options ?? []).map(String));
		case 'array':
			return describeList(shape, part);
		case 'loose_object':
		case 'strict_object':
			return part ?? spellOut(shape);
		default:
			throw new Error(`the tables have no word for ${shape.type}`);
	}
}

function inside(shape: Shape): Shape {
	const inner = shape.item ?? shape.wrapped;
	if (inner === undefined) throw new Error(`nothing is inside a ${shape.type}`);
	return inner;
}

/** The messages of wire/schema.ts. */
function describeBytes(message: string): string {
	const exact = /^(\d+) bytes$/.exec(message)?.[1];
	if (exact !== undefined) return `${grouped(exact)} bytes`;
	const most = /^at most (\d+) bytes$/.exec(message)?.[1];
	if (most !== undefined) return `≤ ${grouped(most)} bytes`;
	if (message.startsWith('CIDv1')) return 'CID';
	throw new Error(`the tables have no word for "${message}"`);
}

function describeText(shape: Shape): string {
	const messages = checksOf(shape).map(({ message }) => String(message));
	const most = messages.map((text) => /^text, at most (\d+) bytes$/.exec(text)?.[1]);
	const limit = most.find((each) => each !== undefined);
	return limit === undefined ? 'text' : `text ≤ ${grouped(limit)} bytes`;
}

function describeCount(shape: Shape): string {
	const most = requirement(shape, 'max_value');
	if (most === null) return 'count';
	return most === 2 ** 48 - 1 ? 'count < 2⁴⁸' : `count ≤ ${grouped(most)}`;
}

function describeWords(words: readonly string[]): string {
	const quoted = words.map((word) => `\`${word}\``);
	return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].join(' or ');
}

function describeList(shape: Shape, part: string | null): string {
	const described = describe(inside(shape), part);
	const isBounded = described.includes('≤') && !described.startsWith('{');
	const item = isBounded ? `(${described})` : described;
	const [least, most] = [requirement(shape, 'min_length'), requirement(shape, 'max_length')];
	if (most === null) return `list of ${item}`;
	return least === null ? `≤ ${grouped(most)} × ${item}` : `${least} to ${grouped(most)} × ${item}`;
}

function spellOut({ entries = {} }: Shape): string {
	const fields = Object.entries(entries).map(
		([name, field]) => `\`${name}\`${isOptional(field) ? '?' : ''}: ${describe(field, null)}`
	);
	return `{ ${fields.join(', ')} }`;
}

export function grouped(value: number | string): string {
	return Number(value).toLocaleString('en-US');
}
