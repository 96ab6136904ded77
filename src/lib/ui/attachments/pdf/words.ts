/** What the page and the frame that shows a PDF say to each other. */

/** Larger ones are saved: the frame holds the file and its pages in memory. */
export const MAX_PDF_BYTES = 50 * 1024 * 1024;

/** More would be one endless column of paper. */
export const MAX_PAGES = 500;

/** What pdf.js needs of its own for some pictures; nothing else is handed to the frame. */
export const DECODERS = ['openjpeg.wasm', 'jbig2.wasm', 'qcms_bg.wasm'] as const;
export type Decoder = (typeof DECODERS)[number];

export type PdfTrouble = 'password' | 'damaged';

/** By the frame. `need`: a decoder, once. */
export type PdfWord =
	| { readonly kind: 'ready' }
	| { readonly kind: 'opened'; readonly pages: number }
	| { readonly kind: 'failed'; readonly trouble: PdfTrouble }
	| { readonly kind: 'need'; readonly name: Decoder };

/** What the frame says to people, in the language of the page: it has no catalog of its own. */
export interface PdfSentences {
	readonly language: string;
	readonly direction: string;
	/** With `PAGE_MARK` and `PAGES_MARK` in the place of numbers. */
	readonly pageOf: string;
	readonly cannotShow: string;
}

export const PAGE_MARK = '{page}';
export const PAGES_MARK = '{pages}';

/** By the page. */
export type PdfGift =
	| { readonly kind: 'file'; readonly bytes: ArrayBuffer; readonly sentences: PdfSentences }
	| { readonly kind: 'decoder'; readonly name: Decoder; readonly bytes: ArrayBuffer | null };

/** `null`: no word of ours; what runs in the frame has read a hostile file. */
export function parsePdfWord(data: unknown): PdfWord | null {
	if (typeof data !== 'object' || data === null || !('kind' in data)) return null;
	if (data.kind === 'ready') return { kind: 'ready' };
	if (data.kind === 'opened' && 'pages' in data && Number.isSafeInteger(data.pages)) {
		return { kind: 'opened', pages: Number(data.pages) };
	}
	if (data.kind === 'failed' && 'trouble' in data) {
		return { kind: 'failed', trouble: data.trouble === 'password' ? 'password' : 'damaged' };
	}
	if (data.kind !== 'need' || !('name' in data)) return null;
	const name = DECODERS.find((one) => one === data.name);
	return name === undefined ? null : { kind: 'need', name };
}
