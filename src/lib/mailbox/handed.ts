/**
 * What a link asks to be written: `mailto:` (RFC 6068), and `web+defms:` with an address of ours. It
 * comes from any page of the web, so that it only ever fills in a draft that the person sees: it
 * attaches nothing and sends nothing.
 */

/** Recipients as typed, to be read like typed ones. */
export interface Handed {
	readonly to: readonly string[];
	readonly cc: readonly string[];
	readonly bcc: readonly string[];
	readonly subject: string;
	readonly text: string;
}

/** Longer ones are no links that a person clicked; browsers carry 2 MiB. */
const MAX_LINK_CHARACTERS = 65_536;
/** As many as any mail may name; what is more is left out, and the screen shows who is there. */
const MAX_RECIPIENTS = 64;

/** `null`: neither of the two, or too long. Never throws. */
export function readHandedLink(link: string): Handed | null {
	if (link.length > MAX_LINK_CHARACTERS) return null;
	const [, scheme = '', rest = ''] = /^(mailto|web\+defms):(?:\/\/)?(.*)$/is.exec(link) ?? [];
	if (scheme === '') return null;
	const [path = '', query = ''] = splitOnce(rest.split('#', 1)[0] ?? '', '?');
	const fields = readFields(query);
	return {
		to: readList(path, ...fields('to')).slice(0, MAX_RECIPIENTS),
		cc: readList(...fields('cc')).slice(0, MAX_RECIPIENTS),
		bcc: readList(...fields('bcc')).slice(0, MAX_RECIPIENTS),
		subject: toLine(decode(fields('subject')[0] ?? '')),
		// Each names lines of its own; only the line breaks of RFC 6068 §5 are made ours.
		text: fields('body')
			.map((body) => decode(body).replace(/\r\n?/g, '\n'))
			.join('\n')
	};
}

/** Names in any case; of what no draft has (`attach`, headers of transport) nothing is heeded. */
function readFields(query: string): (name: string) => string[] {
	const pairs = query.split('&').map((pair) => splitOnce(pair, '='));
	return (name) =>
		pairs.flatMap(([key = '', value = '']) => (decode(key).toLowerCase() === name ? [value] : []));
}

/** Split before decoding: a comma within an address is written as `%2C`. */
function readList(...lists: readonly string[]): string[] {
	return lists
		.flatMap((list) => list.split(','))
		.map((one) => toLine(decode(one)))
		.filter((one) => one !== '');
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text; // a damaged escape is shown as it stands
	}
}

function toLine(text: string): string {
	return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}

function splitOnce(text: string, separator: string): readonly string[] {
	const at = text.indexOf(separator);
	return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
