/**
 * The static host of the built app. Reads the folder at each request, so a new build and an edited
 * `config.json` count at once.
 *
 * `/x` is, in this order: the file `x`, `x/index.html` (with a slash at the end), `x.html`, else
 * `404.html` with status 404. Nothing outside the folder and nothing whose name begins with a dot.
 */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pageHeaders } from './headers.ts';
import { isCompressible, mediaTypeOf } from './media-type.ts';

const YEAR = 'public, max-age=31536000, immutable';
/** Kit puts what is named by its content here. */
const IMMUTABLE = '/_app/immutable/';
/** Who copies a build writes its files in any order: within this they are of one making. */
const COPYING_MS = 60_000;

interface Found {
	readonly file: string;
	readonly status: number;
}

/** Answers a GET or HEAD below `folder`. `path` is the URL's path, still percent-encoded. */
export async function serveStatic(
	folder: string,
	path: string,
	request: IncomingMessage,
	response: ServerResponse
): Promise<void> {
	const plain = toPlainPath(path);
	const found = plain === null ? null : await find(folder, plain);
	if (found === 'needs-slash') {
		response.writeHead(308, { location: `${path}/`, ...pageHeaders() }).end();
		return;
	}
	if (plain === null || found === null) {
		answerText(response, 404, 'Not found\n');
		return;
	}
	await send(found, plain, request, response);
}

/** The decoded path, or `null` where it could leave the folder or name a hidden file. */
export function toPlainPath(path: string): string | null {
	let plain: string;
	try {
		plain = decodeURIComponent(path);
	} catch {
		return null; // a stray % names no file
	}
	if (!plain.startsWith('/') || /[\u0000-\u001f\\]|\/\//.test(plain)) return null;
	const isHidden = plain.split('/').some((part) => part.startsWith('.'));
	return isHidden ? null : plain;
}

async function find(folder: string, plain: string): Promise<Found | 'needs-slash' | null> {
	const exact = join(folder, plain);
	if (plain.endsWith('/')) {
		const index = join(exact, 'index.html');
		if (await isFile(index)) return { file: index, status: 200 };
	} else {
		if (await isFile(exact)) return { file: exact, status: 200 };
		if (await isFile(`${exact}.html`)) return { file: `${exact}.html`, status: 200 };
		if (await isFile(join(exact, 'index.html'))) return 'needs-slash';
	}
	const missing = join(folder, '404.html');
	return (await isFile(missing)) ? { file: missing, status: 404 } : null;
}

async function isFile(file: string): Promise<boolean> {
	try {
		return (await stat(file)).isFile();
	} catch {
		return false; // not there, or not for us: the answer is the same 404
	}
}

async function send(
	{ file, status }: Found,
	plain: string,
	request: IncomingMessage,
	response: ServerResponse
): Promise<void> {
	const variant = await chooseVariant(file, request.headers['accept-encoding']);
	const { size, mtimeMs } = await stat(variant.file);
	const etag = `W/"${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`;
	const isLasting = plain.startsWith(IMMUTABLE) && status === 200;
	const headers = {
		...pageHeaders(),
		'content-type': mediaTypeOf(extname(file)),
		'cache-control': isLasting ? YEAR : 'no-cache',
		// Another page may read which relays this bundle names.
		'access-control-allow-origin': '*',
		etag,
		vary: 'accept-encoding',
		...(variant.encoding === null ? {} : { 'content-encoding': variant.encoding })
	};
	if (status === 200 && request.headers['if-none-match'] === etag) {
		response.writeHead(304, headers).end();
		return;
	}
	response.writeHead(status, { ...headers, 'content-length': size });
	if (request.method === 'HEAD') {
		response.end();
		return;
	}
	await pipeline(createReadStream(variant.file), response);
}

interface Variant {
	readonly file: string;
	readonly encoding: 'br' | 'gzip' | null;
}

async function chooseVariant(file: string, accepted: string | undefined): Promise<Variant> {
	if (accepted === undefined || !isCompressible(extname(file))) return { file, encoding: null };
	for (const [encoding, ending] of [
		['br', '.br'],
		['gzip', '.gz']
	] as const) {
		const isAccepted = new RegExp(`(^|[,\\s])${encoding}\\s*(;\\s*q=(?!0(\\.0*)?\\s*(,|$))|,|$)`);
		const packed = `${file}${ending}`;
		if (isAccepted.test(accepted) && (await isAsNewAs(packed, file))) {
			return { file: packed, encoding };
		}
	}
	return { file, encoding: null };
}

/** What was edited after it was packed is sent as it is now. */
async function isAsNewAs(packed: string, file: string): Promise<boolean> {
	if (!(await isFile(packed))) return false;
	return (await stat(packed)).mtimeMs >= (await stat(file)).mtimeMs - COPYING_MS;
}

export function answerText(response: ServerResponse, status: number, text: string): void {
	response.writeHead(status, { ...pageHeaders(), 'content-type': 'text/plain; charset=utf-8' });
	response.end(text);
}
