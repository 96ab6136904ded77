/**
 * How the words of the screens become those of another language: they stand in English where they are
 * shown, are gathered into `src/lib/words/…/*.po` from there, and the build puts a look-up in their
 * place (docs/decisions/0013-words-in-place.md).
 */
import { adapter as svelte } from '@wuchale/svelte';
import { createHeuristic, defaultHeuristicOpts, defineConfig, pofile } from 'wuchale';
import { adapter as plain } from 'wuchale/adapter-vanilla';
import { LANGUAGES } from './src/lib/words/languages.js';

const WORDS = 'src/lib/words';
const UI = 'src/lib/ui';
/** What the inbox or a first visit shows; all else comes after it, and so do its words. */
const FIRST = ['shell', 'mail', 'shared', 'welcome'].map((folder) => `${UI}/${folder}/**/`);
/** Tests, and what programs say to programs. */
const SILENT = [
	'**/*.test.ts',
	`${UI}/message/{frame,sanitise,sheet,style}.ts`,
	`${UI}/thread/source.ts`
];

/** @param {string} key `first` or `then` */
function common(key) {
	const expression = {
		wrapInit: (/** @type {string} */ made) => made,
		wrapUse: () => '_w_load_()'
	};
	return {
		loader: /** @type {const} */ ('custom'),
		storage: pofile({ dir: `${WORDS}/${key}` }),
		// Asked for at each use, so that words that come late are shown when they are there.
		runtime: {
			initReactive: () => null,
			useReactive: () => false,
			plain: expression,
			reactive: expression
		}
	};
}

const isUsual = createHeuristic(defaultHeuristicOpts);
/** Words with a space between them are for people, also where they begin small or with a value. */
const SENTENCE = /^(?!\(|.*;\S)(?=.*\p{L} |.* \p{L})[^<>[\]=_|\\]+$/u;
const SELECTORS = /\.(closest|matches|querySelector|querySelectorAll|includes|getModifierState)$/;
/** What programs call things. */
const NAMES =
	/^(Enter|Escape|Esc|Tab|Backspace|Delete|Home|End|Arrow\w+|Page(Up|Down)|Mod\+\w|\* \w|StorageFull|Highlight|Range|\w+(Error|Exception))$/;

/** @param {import('wuchale').Message} message */
function isShown(message) {
	const { scope, call } = message.details;
	if (scope !== 'script') return isUsual(message);
	const text = message.msgStr.join(' ').trim();
	if ((call !== undefined && SELECTORS.test(call)) || NAMES.test(text)) return false;
	if (isUsual(message)) return 'message';
	return SENTENCE.test(text) && 'message';
}

/** @param {string} key @param {string[]} folders @param {string[]} ignore */
function components(key, folders, ignore = []) {
	return svelte({
		...common(key),
		files: {
			include: folders.flatMap((folder) => [`${folder}*.svelte`, `${folder}*.svelte.ts`]),
			ignore: [...SILENT, ...ignore]
		},
		heuristic: isShown
	});
}

/** @param {string} key @param {string[]} folders @param {string[]} ignore */
function modules(key, folders, ignore = []) {
	return plain({
		...common(key),
		files: {
			include: folders.map((folder) => `${folder}*.ts`),
			ignore: [...SILENT, '**/*.svelte.ts', ...ignore]
		},
		// What is read when a module is loaded would stay as it was then.
		heuristic: (message) => message.details.funcName != null && isShown(message)
	});
}

const ALL = [`${UI}/*/**/`];
const first = [...FIRST, `${UI}/`];

export default defineConfig({
	locales: Object.keys(LANGUAGES),
	localesDir: WORDS,
	ai: null,
	adapters: {
		first: components('first', first),
		firstModules: modules('first', first),
		then: components(
			'then',
			ALL,
			FIRST.map((folder) => `${folder}*`)
		),
		thenModules: modules(
			'then',
			ALL,
			FIRST.map((folder) => `${folder}*`)
		)
	}
});
