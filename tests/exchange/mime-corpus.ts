/** The corpus of mails under CORPORA, each with what a mature parser (stalwartlabs/mail-parser) reads in it. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Sample {
	readonly name: string;
	readonly bytes: Uint8Array;
	readonly expected: Expected;
}

export interface Expected {
	readonly subject: string | null;
	/** Words of all texts that are shown. */
	readonly words: readonly string[];
	/** `null`: it has no name. Texts, whose charset was decoded, are compared as text. */
	readonly files: readonly {
		readonly name: string | null;
		readonly content: Uint8Array | string;
	}[];
}

/** Empty where there is no corpus; throws where CI runs without one. */
export async function readSamples(): Promise<Sample[]> {
	const root = process.env['CORPORA'];
	if (!root) {
		if (process.env['CI'] === 'true') throw new Error('CORPORA is not set, which CI must run');
		return [];
	}
	const folder = path.join(root, 'mime');
	const files = await readdir(folder, { recursive: true });
	return Promise.all(
		files
			.filter((name) => name.endsWith('.eml'))
			.sort()
			.map(async (name) => {
				const bytes = await readFile(path.join(folder, name));
				const oracle = await readFile(path.join(folder, name.replace(/eml$/, 'json')), 'utf8');
				return { name, bytes, expected: toExpected(JSON.parse(oracle)) };
			})
	);
}

/** As serde writes it. */
interface Oracle {
	readonly parts: readonly OraclePart[];
	readonly text_body: readonly number[];
	readonly html_body: readonly number[];
	readonly attachments: readonly number[];
}

interface OraclePart {
	readonly headers: readonly { readonly name: string; readonly value: OracleValue }[];
	readonly body: {
		readonly Text?: string;
		readonly Html?: string;
		readonly Binary?: readonly number[];
		readonly InlineBinary?: readonly number[];
		readonly Message?: Oracle;
	};
}

interface OracleValue {
	readonly Text?: string;
	readonly ContentType?: {
		readonly attributes?: readonly { readonly name: string; readonly value: string }[] | null;
	};
}

function toExpected({ parts, text_body, html_body, attachments }: Oracle): Expected {
	const subject = parts[0]?.headers.findLast(({ name }) => name === 'subject')?.value.Text ?? null;
	const shown = [...new Set([...text_body, ...html_body])];
	const texts = shown.map((at) => parts[at]?.body.Text ?? '');
	return {
		subject,
		words: wordsOf(texts.join('\n')),
		files: attachments.flatMap((at) => {
			const part = parts[at];
			return part === undefined ? [] : [{ name: nameOf(part), content: contentOf(part) }];
		})
	};
}

function nameOf({ headers }: OraclePart): string | null {
	const attribute = (field: string, key: string) =>
		headers
			.find(({ name }) => name === field)
			?.value.ContentType?.attributes?.find(({ name }) => name === key)?.value;
	return attribute('content_disposition', 'filename') ?? attribute('content_type', 'name') ?? null;
}

/** Of a nested mail its texts: the oracle does not keep its bytes. */
function contentOf({ body }: OraclePart): Uint8Array | string {
	const { Text, Html, Binary, InlineBinary, Message } = body;
	if (Message !== undefined) {
		return Message.parts.flatMap((part) => part.body.Text ?? []).join('\n');
	}
	if (Text !== undefined || Html !== undefined) return Text ?? Html ?? '';
	return Uint8Array.from(Binary ?? InlineBinary ?? []);
}

/** Without what the oracle takes for text where a boundary inside another was never closed. */
export function wordsOf(text: string): string[] {
	return text.replace(/^(--|Content-).*$/gm, '').match(/[\p{L}\p{N}]+/gu) ?? [];
}
