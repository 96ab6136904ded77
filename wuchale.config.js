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
/** What the inbox shows; all else comes after it, and so do its words. */
const FIRST = ['shell', 'mail', 'shared'].map((folder) => `${UI}/${folder}/**/`);
const TESTS = '**/*.test.ts';

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
const SENTENCE = /^(?=.*\p{L} |.* \p{L})[^<>[\]=;_|\\]+$/u;
const SELECTORS = /\.(closest|matches|querySelector|querySelectorAll)$/;

/** @param {import('wuchale').Message} message */
function isShown(message) {
	const { scope, call } = message.details;
	if (isUsual(message) || scope !== 'script') return isUsual(message);
	if (call !== undefined && SELECTORS.test(call)) return false;
	return SENTENCE.test(message.msgStr.join(' ').trim()) && 'message';
}

/** @param {string} key @param {string[]} folders @param {string[]} ignore */
function components(key, folders, ignore = []) {
	return svelte({
		...common(key),
		files: {
			include: folders.flatMap((folder) => [`${folder}*.svelte`, `${folder}*.svelte.ts`]),
			ignore: [TESTS, ...ignore]
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
			ignore: [TESTS, '**/*.svelte.ts', ...ignore]
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
		then: components('then', ALL, FIRST.map((folder) => `${folder}*`)),
		thenModules: modules('then', ALL, FIRST.map((folder) => `${folder}*`))
	}
});
