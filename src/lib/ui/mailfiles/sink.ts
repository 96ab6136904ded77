/** Where a file is written to: the disk at once where the browser lets a page do that, else memory first. */

import { saveFile } from '../attachments/save.ts';

export interface Sink {
	readonly stream: WritableStream<Uint8Array>;
	/** To be called when it is whole. */
	save(): void;
}

interface SavePicker {
	(options: { suggestedName: string }): Promise<{
		createWritable(): Promise<WritableStream<Uint8Array>>;
	}>;
}

/** The browser may lay pieces of this size on disk: 16 MiB. */
const PIECE_BYTES = 16 * 1024 * 1024;

/** `null`: the reader thought better of it. */
export async function openSink(name: string): Promise<Sink | null> {
	const picker: unknown = Reflect.get(window, 'showSaveFilePicker');
	if (!isPicker(picker)) return gatheringSink(name);
	try {
		const handle = await picker.call(window, { suggestedName: name });
		return { stream: await handle.createWritable(), save: () => undefined };
	} catch (error) {
		if (error instanceof DOMException && error.name === 'AbortError') return null;
		return gatheringSink(name); // not allowed here: a download does it, too
	}
}

function isPicker(value: unknown): value is SavePicker {
	return typeof value === 'function';
}

function gatheringSink(name: string): Sink {
	const pieces: Blob[] = [];
	let parts: Uint8Array<ArrayBuffer>[] = [];
	let size = 0;
	const stream = new WritableStream<Uint8Array>({
		write(part) {
			parts.push(Uint8Array.from(part));
			size += part.length;
			if (size < PIECE_BYTES) return;
			pieces.push(new Blob(parts));
			parts = [];
			size = 0;
		}
	});
	return { stream, save: () => saveFile(new Blob([...pieces, ...parts]), name) };
}
