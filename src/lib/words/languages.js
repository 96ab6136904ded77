/**
 * The languages of the screens, each by its own name. JavaScript, because the build reads it, too.
 *
 * @typedef {'en' | 'de' | 'fr' | 'es' | 'zh' | 'ar'} Language
 * @typedef {{
 * 	readonly name: string,
 * 	readonly direction: 'ltr' | 'rtl',
 * 	readonly locale: string
 * }} LanguageFacts `locale`: for `Intl` (BCP 47)
 * @type {Readonly<Record<Language, LanguageFacts>>}
 */
export const LANGUAGES = {
	en: { name: 'English', direction: 'ltr', locale: 'en-GB' },
	de: { name: 'Deutsch', direction: 'ltr', locale: 'de' },
	fr: { name: 'Français', direction: 'ltr', locale: 'fr' },
	es: { name: 'Español', direction: 'ltr', locale: 'es' },
	zh: { name: '简体中文', direction: 'ltr', locale: 'zh-Hans' },
	// Numbers are also written without Intl: the same digits everywhere.
	ar: { name: 'العربية', direction: 'rtl', locale: 'ar-u-nu-latn' }
};
