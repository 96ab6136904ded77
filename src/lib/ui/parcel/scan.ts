/** QR codes out of pictures and out of the camera. The decoder is fetched when it is first needed. */

/** Longest side of what is looked at: a code of 105 modules still has some 7 pixels a module. */
const MOST_PIXELS = 1280;
/** Between two looks at the camera, ms: the decoder must leave time for the screen. */
const LOOK_MS = 100;

type Decode = (picture: ImageData) => string | null;

async function createDecode(): Promise<Decode> {
	const { decodeQR } = await import('qr/decode.js');
	return ({ width, height, data }) => {
		try {
			return decodeQR({ width, height, data }, { timeLimit: 60 });
		} catch {
			return null; // it throws where it finds none, and where what it finds is not readable
		}
	};
}

/** `null`: there is no readable code in it, or it is no picture. */
export async function readPicture(file: Blob): Promise<string | null> {
	const decode = await createDecode();
	const picture = await createImageBitmap(file).catch(() => null); // no picture, or a damaged one
	if (picture === null) return null;
	const pixels = toPixels(picture, picture.width, picture.height);
	picture.close();
	return pixels === null ? null : decode(pixels);
}

/**
 * Looks through the camera until the signal aborts, and tells what it reads. Rejects where there is no
 * camera, or no leave to use it.
 */
export async function watchCamera(
	video: HTMLVideoElement,
	onText: (text: string) => void,
	signal: AbortSignal
): Promise<void> {
	const stream = await navigator.mediaDevices.getUserMedia({
		video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } }
	});
	try {
		await look(video, stream, onText, signal);
	} finally {
		for (const track of stream.getTracks()) track.stop();
	}
}

async function look(
	video: HTMLVideoElement,
	stream: MediaStream,
	onText: (text: string) => void,
	signal: AbortSignal
): Promise<void> {
	const decode = await createDecode();
	// Asked anew each time: it changes while we wait.
	const hasEnded = () => signal.aborted;
	if (hasEnded()) return;
	video.srcObject = stream;
	await video.play();
	while (!hasEnded()) {
		const pixels = toPixels(video, video.videoWidth, video.videoHeight);
		const text = pixels === null ? null : decode(pixels);
		if (text !== null) onText(text);
		await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
	}
}

function toPixels(source: CanvasImageSource, width: number, height: number): ImageData | null {
	const scale = Math.min(1, MOST_PIXELS / Math.max(width, height));
	const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
	if (size.width < 1 || size.height < 1) return null;
	const canvas = Object.assign(document.createElement('canvas'), size);
	const context = canvas.getContext('2d', { willReadFrequently: true });
	if (context === null) return null;
	context.drawImage(source, 0, 0, size.width, size.height);
	return context.getImageData(0, 0, size.width, size.height);
}
