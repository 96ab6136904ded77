/**
 * The program inside the frame that shows a PDF: pdf.js in an origin of its own, with no network, no
 * storage and no page around it but by `postMessage`. The reader of the format runs here, too, and not
 * in a worker, which such a frame may not start. Bundled by `scripts/pdf-viewer.mjs`.
 */
import * as pdf from 'pdfjs-dist';
import 'pdfjs-dist/build/pdf.worker.mjs';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import {
	DECODERS,
	MAX_PAGES,
	PAGE_MARK,
	PAGES_MARK,
	type PdfGift,
	type PdfSentences,
	type PdfWord
} from './words.ts';

/** Pixels of one page: what the canvas of every engine takes. */
const MAX_PIXELS = 12_000_000;

const asked = new Map<string, (bytes: Uint8Array) => void>();

addEventListener('message', ({ data, source }: MessageEvent<PdfGift>) => {
	if (source !== parent) return;
	if (data.kind === 'file') void show(data.bytes, data.sentences);
	else asked.get(data.name)?.(new Uint8Array(data.bytes ?? new ArrayBuffer(0)));
});
say({ kind: 'ready' });

function say(word: PdfWord): void {
	parent.postMessage(word, '*');
}

/** pdf.js asks for its decoders by this; the page hands them in. */
class Decoders {
	fetch({ filename }: { readonly filename: string }): Promise<Uint8Array> {
		const name = DECODERS.find((one) => one === filename);
		// Fonts and tables that a file names and does not bring: pdf.js draws the rest without them.
		if (name === undefined)
			return Promise.reject(new Error(/* @wc-ignore */ `${filename} is not had here`));
		return new Promise((resolve) => {
			asked.set(name, resolve);
			say({ kind: 'need', name });
		});
	}
}

async function show(bytes: ArrayBuffer, sentences: PdfSentences): Promise<void> {
	document.documentElement.lang = sentences.language;
	document.documentElement.dir = sentences.direction;
	try {
		const file = await pdf.getDocument({
			data: bytes,
			BinaryDataFactory: Decoders,
			useWorkerFetch: false,
			wasmUrl: 'decoders/',
			enableXfa: false,
			stopAtErrors: false,
			maxImageSize: MAX_PIXELS * 4
		}).promise;
		say({ kind: 'opened', pages: file.numPages });
		await layOut(file, sentences);
	} catch (error) {
		const isLocked = error instanceof Error && error.name === 'PasswordException';
		say({ kind: 'failed', trouble: isLocked ? 'password' : 'damaged' });
	}
}

/** Places for all pages at once; each is drawn when it comes near. */
async function layOut(file: PDFDocumentProxy, sentences: PdfSentences): Promise<void> {
	const first = (await file.getPage(1)).getViewport({ scale: 1 });
	const drawing = new IntersectionObserver(
		(entries) => {
			for (const { target, isIntersecting } of entries) {
				if (!isIntersecting) continue;
				drawing.unobserve(target);
				void draw(file, target, sentences);
			}
		},
		{ rootMargin: '600px' }
	);
	for (let number = 1; number <= Math.min(file.numPages, MAX_PAGES); number++) {
		const place = document.createElement('section');
		place.dataset['page'] = String(number);
		const label = sentences.pageOf
			.replace(PAGE_MARK, String(number))
			.replace(PAGES_MARK, String(file.numPages));
		place.setAttribute('aria-label', label);
		place.style.aspectRatio = `${String(first.width)} / ${String(first.height)}`;
		document.body.append(place);
		drawing.observe(place);
	}
}

async function draw(
	file: PDFDocumentProxy,
	place: Element,
	{ cannotShow }: PdfSentences
): Promise<void> {
	try {
		const page = await file.getPage(Number(place.getAttribute('data-page')));
		const size = page.getViewport({ scale: 1 });
		if (place instanceof HTMLElement) {
			place.style.aspectRatio = `${String(size.width)} / ${String(size.height)}`;
		}
		const fitting = (place.clientWidth * devicePixelRatio) / size.width;
		const largest = Math.sqrt(MAX_PIXELS / (size.width * size.height));
		const viewport = page.getViewport({ scale: Math.min(fitting, largest) });
		const canvas = document.createElement('canvas');
		canvas.width = Math.max(1, Math.floor(viewport.width));
		canvas.height = Math.max(1, Math.floor(viewport.height));
		canvas.setAttribute('aria-hidden', 'true');
		await page.render({ canvas, viewport }).promise;
		place.replaceChildren(canvas, await wordsOf(page));
	} catch {
		// One page that cannot be drawn: the others still are, and the file can be saved.
		place.textContent = cannotShow;
	}
}

/** For those who listen: the picture itself says nothing. */
async function wordsOf(page: PDFPageProxy): Promise<HTMLElement> {
	const { items } = await page.getTextContent();
	const text = document.createElement('p');
	text.className = 'words';
	text.textContent = items.map((item) => ('str' in item ? item.str : '')).join(' ');
	return text;
}
