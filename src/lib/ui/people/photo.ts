/**
 * A picture of any size → a small square one, as it is kept. What is kept is drawn anew: nothing of the
 * file that a stranger may have made is stored, and where it was taken neither.
 */

/** On the largest avatar, on a screen with two dots a point. */
const SIDE = 192;
/** What cameras make, with room; more would only be read to be thrown away. */
export const PHOTO_FILE_BYTES = 40 * 1024 * 1024;
/** A picture that is drawn takes 4 bytes a point: 400 MB for these. Cameras make half as many. */
const PIXELS_MAX = 100_000_000;
/** A decoder that takes longer has been given something to chew on. */
const DECODE_MS = 15_000;
/** As `PHOTO_BYTES` of the address book; another quality is tried where the first is larger. */
const BYTES_MAX = 64 * 1024;
const QUALITIES = [0.86, 0.6, 0.3];

export type PhotoOutcome =
	| { readonly ok: true; readonly picture: Blob }
	| { readonly ok: false; readonly problem: 'too-large' | 'no-picture' };

const NO_PICTURE = { ok: false, problem: 'no-picture' } as const;

/** The middle of it. */
export async function toPhoto(file: Blob): Promise<PhotoOutcome> {
	if (file.size > PHOTO_FILE_BYTES) return { ok: false, problem: 'too-large' };
	const type = rasterType(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
	if (type === null) return NO_PICTURE;
	const url = URL.createObjectURL(new Blob([file], { type }));
	try {
		const image = await load(url);
		if (image === null || image.naturalWidth * image.naturalHeight === 0) return NO_PICTURE;
		if (image.naturalWidth * image.naturalHeight > PIXELS_MAX) {
			return { ok: false, problem: 'too-large' };
		}
		const picture = await encode(drawMiddle(image));
		return picture === null ? NO_PICTURE : { ok: true, picture };
	} finally {
		URL.revokeObjectURL(url);
	}
}

/** By its first bytes, whatever its name says; a drawing (SVG) is a document, and none of these. */
export function rasterType(head: Uint8Array): string | null {
	const text = String.fromCharCode(...head.slice(0, 16));
	if (text.startsWith(/* @wc-ignore */ '\xff\xd8\xff')) return 'image/jpeg';
	if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
	if (text.startsWith('GIF8')) return 'image/gif';
	if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'image/webp';
	return /^ftyp(?:avif|avis|mif1)/.test(text.slice(4)) ? 'image/avif' : null;
}

/** Its size is known before it is decoded. `null`: it cannot be read, or not soon. */
async function load(url: string): Promise<HTMLImageElement | null> {
	const image = new Image();
	const isLoaded = new Promise<boolean>((resolve) => {
		image.onload = () => resolve(true);
		image.onerror = () => resolve(false);
		setTimeout(() => resolve(false), DECODE_MS);
	});
	image.src = url;
	return (await isLoaded) ? image : null;
}

function drawMiddle(image: HTMLImageElement): HTMLCanvasElement {
	const { naturalWidth: width, naturalHeight: height } = image;
	const side = Math.min(width, height);
	const canvas = document.createElement('canvas');
	canvas.width = SIDE;
	canvas.height = SIDE;
	const context = canvas.getContext('2d');
	if (context === null) return canvas;
	context.imageSmoothingQuality = 'high';
	// What is transparent would show the letters below.
	context.fillStyle = '#fff';
	context.fillRect(0, 0, SIDE, SIDE);
	context.drawImage(
		image,
		(width - side) / 2,
		(height - side) / 2,
		...([side, side, 0, 0, SIDE, SIDE] as const)
	);
	return canvas;
}

/** A browser that makes no WebP gives PNG instead: then it is JPEG. */
async function encode(canvas: HTMLCanvasElement): Promise<Blob | null> {
	for (const type of ['image/webp', 'image/jpeg']) {
		for (const quality of QUALITIES) {
			const blob = await new Promise<Blob | null>((resolve) => {
				canvas.toBlob(resolve, type, quality);
			});
			if (blob?.type === type && blob.size <= BYTES_MAX) return blob;
		}
	}
	return null;
}

export function photoProblemSentence({ problem }: Extract<PhotoOutcome, { ok: false }>): string {
	return problem === 'too-large'
		? 'This picture is too large. Choose one of less than 40 MB.'
		: 'This file could not be read as a picture. Choose a JPEG, PNG or WebP.';
}
