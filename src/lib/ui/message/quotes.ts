/**
 * Where a plain text stops being its writer's own words: the quoted message below an answer, and the
 * signature. Whoever quotes and answers in between wrote that to be read, so only what stands at the
 * end is folded; and of a forwarded message nothing is.
 */

export interface OwnWords {
	readonly own: string;
	/** What stands below, exactly as it was written; null: nothing to fold. */
	readonly folded: string | null;
}

/** An attribution longer than this (UTF-16 units) is a sentence of the writer's. */
export const ATTRIBUTION_LENGTH = 300;

const QUOTED = /^\s?>/;

/** RFC 3676 §4.3; many programs lose the space. */
const SIGNATURE = /^-- ?$/;

/** What Outlook puts above the answered message, in the languages of its largest markets. */
const ORIGINAL =
	/^-{3,}\s*(?:original message|original appointment|ursprüngliche nachricht|message d['’]origine|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|原始邮件|الرسالة الأصلية)\s*-{3,}$/i;

const RULE = /^_{16,}$/;

/** "From: …", in any language: a short word and a colon. */
const FIELD = /^\*?[^\s:：]{2,16}\*?\s?[:：]\s?\S/;

const SUBJECT_FIELD =
	/^\*?(?:subject|betreff|objet|asunto|oggetto|assunto|onderwerp|主题|主旨|الموضوع)\s?[:：]/i;
const FORWARDED =
	/^[-\s]*(?:begin )?(?:forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|转发的邮件|رسالة معاد توجيهها)/i;

export function splitOwnWords(text: string): OwnWords {
	const lines = text.replaceAll('\r\n', '\n').split('\n');
	const at = findEnd(lines);
	const own = lines.slice(0, at).join('\n').trimEnd();
	if (at === lines.length || own.trim() === '') return { own: text, folded: null };
	return { own, folded: lines.slice(at).join('\n').trim() };
}

/** Does this line introduce a quotation, as "On Monday Mira wrote:" does in every language? */
export function isAttribution(line: string): boolean {
	const text = line.trim();
	return text.length <= ATTRIBUTION_LENGTH && /[:：]$/.test(text) && /\d|@/.test(text);
}

/** Are these lines the head of a message that is passed on? */
export function isForwardHead(lines: readonly string[]): boolean {
	return lines.some((line) => SUBJECT_FIELD.test(line.trim()) || FORWARDED.test(line.trim()));
}

/** Index of the line where the writer's own words end; the number of lines if they never do. */
function findEnd(lines: readonly string[]): number {
	const signature = findSignature(lines);
	const quote = findQuote(lines);
	const isNone = !isSignature(lines.slice(signature + 1, quote));
	if (quote < signature || signature === lines.length || isNone) return quote;
	return Math.min(signature, findQuote(lines.slice(0, signature)));
}

/** Lines with words in a signature. RFC 3676 allows four; a rule between two parts is none. */
const SIGNATURE_LINES = 12;
const SIGNATURE_LENGTH = 1_000;

/** Is what stands below the dashes, down to the quote, short enough for one? */
export function isSignature(lines: readonly string[]): boolean {
	const written = lines.filter((line) => line.trim() !== '');
	return written.length <= SIGNATURE_LINES && written.join('').length <= SIGNATURE_LENGTH;
}

/** Index of its line; the number of lines if there is none. The last one counts: others were quoted. */
function findSignature(lines: readonly string[]): number {
	const at = lines.findLastIndex((line) => SIGNATURE.test(line));
	return at < 0 ? lines.length : at;
}

function findQuote(lines: readonly string[]): number {
	const original = lines.findIndex((line, at) => isOriginalHead(lines, line, at));
	return original < 0 ? findMarked(lines) : original;
}

function isOriginalHead(lines: readonly string[], line: string, at: number): boolean {
	if (ORIGINAL.test(line.trim())) return true;
	if (!RULE.test(line.trim())) return false;
	return lines.slice(at + 1, at + 4).filter((next) => FIELD.test(next.trim())).length === 3;
}

/** Lines with `>` at the end, and the line above that says whose they are. */
function findMarked(lines: readonly string[]): number {
	const last = lines.findLastIndex((line) => line.trim() !== '');
	if (last < 0 || !QUOTED.test(lines[last] ?? '')) return lines.length;
	const above = lines.findLastIndex((line, at) => at <= last && !isQuotedOrBlank(line));
	const head = lines.slice(Math.max(0, above - 7), above + 1);
	if (isForwardHead(head)) return lines.length;
	return attributionAt(lines, above) ?? above + 1;
}

function isQuotedOrBlank(line: string): boolean {
	return QUOTED.test(line) || line.trim() === '';
}

/** It may be broken into two lines, of which the first has the date. */
function attributionAt(lines: readonly string[], above: number): number | null {
	const line = lines[above] ?? '';
	if (isAttribution(line)) {
		const before = lines[above - 1]?.trim() ?? '';
		const isBroken = /^\S+@|^<|@\S+>?\s/.test(line.trim()) && /\d/.test(before);
		return isBroken ? above - 1 : above;
	}
	const both = `${lines[above - 1] ?? ''} ${line}`;
	return above > 0 && /[:：]$/.test(line.trim()) && isAttribution(both) ? above - 1 : null;
}
