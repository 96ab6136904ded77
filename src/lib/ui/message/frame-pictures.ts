/** Gives the pictures in a frame their sources, once its document is there. */
import { ELSEWHERE, PART } from './pictures.ts';

/** The content of a part that the HTML names; null: there is none, or it is no picture. */
export type FindPart = (name: string, options: { signal: AbortSignal }) => Promise<Blob | null>;

/** Pictures of the message itself: as `data:`, for a frame without credentials reads no `blob:`. */
export async function showParts(
	page: Document,
	find: FindPart,
	{ signal }: { readonly signal: AbortSignal }
): Promise<void> {
	const pictures = [...page.querySelectorAll(`img[${PART}]`)];
	for (const name of new Set(pictures.map((picture) => picture.getAttribute(PART) ?? ''))) {
		const blob = await find(name, { signal });
		if (blob === null || signal.aborted) continue;
		const url = await toDataUrl(blob);
		for (const picture of pictures) {
			if (picture.getAttribute(PART) === name) picture.setAttribute('src', url);
		}
	}
}

/** Whether they may come is decided by the frame's policy; this only asks for them. */
export function fetchPictures(page: Document): void {
	for (const picture of page.querySelectorAll(`img[${ELSEWHERE}]`)) {
		picture.setAttribute('referrerpolicy', 'no-referrer');
		picture.setAttribute('src', picture.getAttribute(ELSEWHERE) ?? '');
	}
}

function toDataUrl(blob: Blob): Promise<string> {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
		reader.onerror = () =>
			reject(reader.error ?? new Error(/* @wc-ignore */ 'the picture could not be read'));
		reader.readAsDataURL(blob);
	});
}
