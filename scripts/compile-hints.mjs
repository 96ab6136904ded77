/**
 * Says of the large scripts of every start that all of their functions are to be compiled while they come,
 * on another thread. V8 else compiles each function when it is first called, in the thread of the page:
 * with a full mailbox that held the page up twice as long (https://v8.dev/blog/explicit-compile-hints).
 */
const HINT = '//# allFunctionsCalledOnLoad\n';

/** As the bundler calls them. What is fetched when somebody asks for it stays without. */
const NAMES = new Set([
	...['base', 'start', 'client-entry', 'hkdf', 'story', 'story-parts', 'duties'],
	...['panes', 'ThreadPane']
]);

/** Smaller ones are not compiled while they come. */
const MIN_CHARACTERS = 20_000;

/** @returns {import('vite').Plugin} */
export function compileHints() {
	return {
		name: 'compile-hints',
		applyToEnvironment: ({ name }) => name === 'client',
		generateBundle: {
			order: 'post',
			handler(_, bundle) {
				const large = Object.values(bundle).filter(
					(file) => file.type === 'chunk' && file.code.length >= MIN_CHARACTERS
				);
				const missing = [...NAMES].filter((wanted) => large.every(({ name }) => name !== wanted));
				if (missing.length > 0) throw new Error(`no large script is called ${missing.join()}`);
				for (const file of large) {
					if (file.type === 'chunk' && NAMES.has(file.name)) file.code = HINT + file.code;
				}
			}
		}
	};
}
