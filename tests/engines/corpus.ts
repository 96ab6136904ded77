/** The vectors of hostile mail: those under CORPORA, else a small set of our own. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { HOSTILE } from '../gallery/hostile-pieces.ts';

export interface Vector {
	readonly name: string;
	readonly html: string;
}

export interface MimeFile {
	readonly name: string;
	readonly bytes: Uint8Array;
}

const Payloads = v.array(
	v.object({
		payload: v.string(),
		id: v.optional(v.union([v.string(), v.number()])),
		title: v.optional(v.string())
	})
);

const SETS = ['html/dompurify-payloads.json', 'html/h5sc.json'];

/** @returns the folder; null: this clone has none. @throws where it is named and not there */
export function corporaFolder(): string | null {
	const folder = process.env['CORPORA'];
	if (folder && existsSync(folder)) return folder;
	if (folder || process.env['CI'] === 'true') throw new Error('CORPORA names no folder');
	return null;
}

export async function readVectors(): Promise<Vector[]> {
	const folder = corporaFolder();
	const own = HOSTILE.map((html, at) => ({ name: `own ${String(at)}`, html: fillIn(html) }));
	if (folder === null) return own;
	const sets = await Promise.all(
		SETS.map(async (set) => {
			const text = await readFile(path.join(folder, set), 'utf8');
			return v.parse(Payloads, JSON.parse(text)).map(({ payload, id, title }, at) => ({
				name: `${set} ${String(id ?? title ?? at)}`,
				html: fillIn(payload)
			}));
		})
	);
	return [...own, ...sets.flat()];
}

/** Whole messages; none in a clone without corpora. */
export async function readMimeFiles(): Promise<MimeFile[]> {
	const folder = corporaFolder();
	if (folder === null) return [];
	const root = path.join(folder, 'mime');
	const names = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.eml'));
	return Promise.all(
		names.sort().map(async (name) => ({ name, bytes: await readFile(path.join(root, name)) }))
	);
}

/** What runs says so where the test looks; the collections leave holes for it, or say `alert`. */
function fillIn(payload: string): string {
	return payload
		.replaceAll(/%js_uri[a-z_0-9]*%/g, 'javascript:top.pwned=1')
		.replaceAll(/%[a-z]+_[a-z_0-9]*%/g, 'top.pwned=1')
		.replaceAll(/\b(?:alert|confirm|prompt)(?=\s*[(`])/g, 'top.pwned=');
}
