/**
 * One request for a file, as HTTP: ranges (RFC 9110 §14), and headers under which nothing that a
 * stranger sent runs or is shown as a page of ours.
 */

export interface Range {
	readonly start: number;
	/** Of the byte behind the last. */
	readonly end: number;
}

/**
 * The one range that is asked for; `whole`: none, or one that we may ignore (§14.2); `beyond`: it lies
 * outside.
 */
export function parseRange(header: string | null, size: number): Range | 'whole' | 'beyond' {
	const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
	if (match === null) return 'whole';
	const [, first = '', last = ''] = match;
	if (first === '' && last === '') return 'whole';
	if (first === '') {
		const length = Math.min(size, Number(last));
		return length === 0 ? 'beyond' : { start: size - length, end: size };
	}
	const start = Number(first);
	const end = last === '' ? size : Math.min(size, Number(last) + 1);
	if (start >= size) return 'beyond';
	return end > start ? { start, end } : 'whole';
}

/**
 * What a player takes: no document, no script, whatever the bytes are. Containers alone, for a playlist
 * (`audio/mpegurl`) names addresses of its writer's choice, which a player would then ask.
 */
const PLAYED = {
	audio: [
		...[
			'aac',
			'flac',
			'm4a',
			'mp3',
			'mp4',
			'mpeg',
			'ogg',
			'opus',
			'vnd.wave',
			'wav',
			'wave',
			'webm'
		],
		...['x-aac', 'x-flac', 'x-m4a', 'x-matroska', 'x-wav']
	],
	video: ['matroska', 'mp4', 'mpeg', 'ogg', 'quicktime', 'webm', 'x-m4v', 'x-matroska']
};
/** Who may get it inline: a player. Anything else saves it. */
const PLAYERS = ['audio', 'video'];

export interface Asked {
	/** `Request.destination`: for whom the browser asks. */
	readonly destination: string;
	/** As its writer named it. */
	readonly type: string;
	/** As the page wants it saved. */
	readonly name: string;
}

/** `null`: it is saved, never played. */
export function playerFor(type: string): 'audio' | 'video' | null {
	const [kind, container = '', ...more] = type.split('/');
	if ((kind !== 'audio' && kind !== 'video') || more.length > 0) return null;
	return PLAYED[kind].includes(container) ? kind : null;
}

export function isPlayed({ destination, type }: Pick<Asked, 'destination' | 'type'>): boolean {
	return PLAYERS.includes(destination) && playerFor(type) !== null;
}

export function headersOf(asked: Asked, size: number, range: Range | 'whole'): Headers {
	const headers = new Headers({
		'accept-ranges': 'bytes',
		'cache-control': 'no-store',
		'content-security-policy': "default-src 'none'; sandbox",
		'cross-origin-resource-policy': 'same-origin',
		'referrer-policy': 'no-referrer',
		'x-content-type-options': 'nosniff'
	});
	headers.set('content-type', isPlayed(asked) ? asked.type : 'application/octet-stream');
	if (!isPlayed(asked)) headers.set('content-disposition', disposition(asked.name));
	if (range === 'whole') headers.set('content-length', String(size));
	else {
		headers.set('content-length', String(range.end - range.start));
		const last = String(range.end - 1);
		headers.set('content-range', `bytes ${String(range.start)}-${last}/${String(size)}`);
	}
	return headers;
}

/** RFC 6266 with the encoding of RFC 8187. */
function disposition(name: string): string {
	const encoded = encodeURIComponent(name).replace(
		/['()*]/g,
		(sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
	);
	return `attachment; filename*=UTF-8''${encoded}`;
}
