/** Files out of the page. */
import { fitFileName, playerFor } from '../../app/bounds.ts';
import type { Sink } from '../../app/view.ts';
import { MAX_PDF_BYTES } from './pdf/words.ts';

/** A text of which one wants to read the beginning; larger ones are data. */
const MAX_TEXT_FILE_BYTES = 32 * 1024 * 1024;

/** Direction marks and separators can make `gpj.exe` look like `exe.jpg`. */
const DECEIVING = /[\u0000-\u001f\u007f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\\/]/g;

/** No hidden file, and neither `.` nor `..`, which a URL or a file system takes for a folder. */
export function safeFileName(name: string): string {
	const shown = name.replace(DECEIVING, '').replace(/^[\s.]+/, '');
	return fitFileName(shown.trim()) || 'file';
}

/** What a proof of a message with this subject is called. */
export function proofName(subject: string): string {
	return `${fileWords(subject)}.defms-proof`;
}

/** What a message with this subject is called as a file. */
export function messageName(subject: string): string {
	return `${fileWords(subject)}.eml`;
}

function fileWords(subject: string): string {
	const words = subject
		.replace(/[:*?"<>|]+/g, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	return words.slice(0, 60).trim() || 'Message';
}

/** Raster pictures may be shown; anything else could be a page that runs in our name. */
export function isShowable(type: string): boolean {
	return /^image\/(?:png|jpeg|gif|webp|avif)$/.test(type);
}

/** What the sandbox shows besides pictures, sound and video; null: it is saved. */
export function previewOf(type: string, sizeBytes: number): 'pdf' | 'text' | null {
	if (type === 'application/pdf') return sizeBytes <= MAX_PDF_BYTES ? 'pdf' : null;
	const isText = /^text\/(?!calendar)|^application\/(?:json|xml|yaml|toml|x-sh|sql)$/.test(type);
	return isText && sizeBytes <= MAX_TEXT_FILE_BYTES ? 'text' : null;
}

/** Always a download, never a page: a received HTML file must not open as one of ours. */
export function saveFile(blob: Blob, name: string): void {
	const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
	const link = document.createElement('a');
	link.href = url;
	link.download = safeFileName(name);
	link.click();
	// The browser has taken the blob by the next task; a minute is generous for slow ones.
	setTimeout(() => {
		URL.revokeObjectURL(url);
	}, 60_000);
}

/** What a player may be given; the worker serves nothing else inline (workers/file-answer.ts). */
export function playerOf(type: string): 'audio' | 'video' | null {
	const kind = playerFor(type);
	if (kind === null) return null;
	return document.createElement(kind).canPlayType(type) === '' ? null : kind;
}

/** How long a frame stays that began a download: the browser has taken it over long before, ms. */
const FRAME_MS = 60_000;

/** Saves what a URL of ours streams; the browser shows how far it is. */
export function saveStream(url: string): void {
	const frame = document.createElement('iframe');
	frame.hidden = true;
	frame.src = url;
	document.body.append(frame);
	setTimeout(() => {
		frame.remove();
	}, FRAME_MS);
}

/** As much of File System Access as is used (https://wicg.github.io/file-system-access/). */
type ShowPicker = (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>;

/** A file that the person has chosen, and what becomes of it. */
export interface PickedFile {
	/** As the person named it. */
	readonly name: string;
	readonly sink: Sink;
	/** Nothing stands under its name before. */
	keep(): Promise<void>;
	/** What stood there stands there still. */
	discard(): Promise<void>;
}

/**
 * Asks where to save; to be called in the task of a click. `cancelled`: the person did not want to;
 * `null`: this browser cannot ask.
 */
export async function pickFile(suggestedName: string): Promise<PickedFile | 'cancelled' | null> {
	const pick = pickerOf(globalThis);
	if (pick === null) return null;
	try {
		const handle = await pick({ suggestedName });
		const isNew = (await handle.getFile()).size === 0;
		const writable = await handle.createWritable();
		return {
			name: handle.name,
			sink: { write: (piece) => writable.write(piece) },
			keep: () => writable.close(),
			async discard() {
				await writable.abort();
				if (isNew) await removeFile(handle);
			}
		};
	} catch (error) {
		// Anything else: not here, not now, not to this place; the browser's own download does it.
		return error instanceof DOMException && error.name === 'AbortError' ? 'cancelled' : null;
	}
}

function pickerOf(scope: object): ShowPicker | null {
	if (!('showSaveFilePicker' in scope)) return null;
	const { showSaveFilePicker: pick } = scope;
	return isPick(pick) ? (options) => pick.call(scope, options) : null;
}

function isPick(value: unknown): value is ShowPicker {
	return typeof value === 'function';
}

/** The picker has made an empty file. Chromium alone can remove it again. */
async function removeFile(handle: FileSystemFileHandle): Promise<void> {
	if (canRemove(handle)) await handle.remove();
}

type Removable = FileSystemFileHandle & { remove(): Promise<void> };

function canRemove(handle: FileSystemFileHandle): handle is Removable {
	return 'remove' in handle && typeof handle.remove === 'function';
}
