/** "Attached", in the languages of the app: whoever writes that and attaches nothing may have forgotten. */

/** Whole words, by language; what follows a stem stands in it. */
const WORDS: Readonly<Record<'en' | 'de' | 'fr' | 'es', string>> = {
	en: 'attach(?:ed|ing|ments?)|enclos(?:ed|ures?)|i attach|we attach',
	de: 'anbei|angehängt\\w*|anhang|anhänge|im anhang|beigefügt\\w*|beiliegend\\w*|anlage[n]?|füge .{0,30} bei',
	fr: 'ci-joint(?:e|es|s)?|pièces? jointes?|en pj|en annexe|joins|joignons',
	es: 'adjunt[oa]s?|adjuntamos|anex[oa]s?'
};
/** Scripts that put nothing between words, or joins to their beginning. */
const PARTS: Readonly<Record<'zh' | 'ar', string>> = {
	zh: '附件|附上|随附|隨附|见附|見附|附有',
	ar: 'مرفق|أرفق|ارفق|المرفق'
};

const SAYS = new RegExp(
	`(?<![\\p{L}\\p{N}])(?:${Object.values(WORDS).join('|')})(?![\\p{L}\\p{N}])|${Object.values(PARTS).join('|')}`,
	'iu'
);

/** Far more than anybody writes; the rest is not looked at. */
const LOOKED_AT = 100_000;

export function saysAttached(text: string): boolean {
	return SAYS.test(text.slice(0, LOOKED_AT).normalize('NFC'));
}
