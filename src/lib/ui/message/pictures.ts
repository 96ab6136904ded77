/**
 * Pictures that a mail does not bring along: where they are is kept in attributes that no browser
 * acts upon, until the reader wants them (`data-elsewhere`) or their file is here (`data-part`, a
 * `cid:` of RFC 2392).
 */

export const ELSEWHERE = 'data-elsewhere';
export const PART = 'data-part';

/** A picture this small (CSS px) shows nothing: it is there to tell who reads. It is never fetched. */
const SPY_PX = 2;

/** Longer addresses carry something about the reader, and no server takes them. */
const MAX_URL_LENGTH = 4_000;

const CID = /^\s*cid:/i;

/** @returns what the picture was marked as; null: it shows nothing, and nothing is lost */
export function markPicture(picture: Element, source: string): 'elsewhere' | 'part' | null {
	if (CID.test(source)) {
		picture.setAttribute(PART, partName(source));
		return 'part';
	}
	const url = remoteUrl(source);
	if (url === null || isSpy(picture)) return null;
	picture.setAttribute(ELSEWHERE, url);
	return 'elsewhere';
}

/** As the attachment is named: without the scheme, percent-decoded. */
export function partName(source: string): string {
	const name = source.replace(CID, '').trim();
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

/** Over TLS alone, whatever the mail says, and with no name or password in it. */
function remoteUrl(source: string): string | null {
	const text = source.trim();
	if (!/^(?:https?:)?\/\//i.test(text) || text.length > MAX_URL_LENGTH) return null;
	const url = URL.parse(text, 'https://invalid/');
	if (url === null || url.username !== '' || url.password !== '') return null;
	url.protocol = 'https:';
	return url.protocol === 'https:' ? url.href : null;
}

function isSpy(picture: Element): boolean {
	return ['width', 'height'].some((name) => {
		const value = picture.getAttribute(name);
		return value !== null && Number.parseFloat(value) <= SPY_PX;
	});
}
