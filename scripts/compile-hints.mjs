/**
 * Says of the large scripts of every start that all of their functions are to be compiled while they come,
 * on another thread. V8 else compiles each function when it is first called, in the thread of the page:
 * with a full mailbox that held the page up twice as long (https://v8.dev/blog/explicit-compile-hints).
 */
const HINT = '//# allFunctionsCalledOnLoad\n';

/**
 * As the bundler calls them: `start` is the first screen and what finds other browsers, `hkdf` cryptography
 * that WebCrypto lacks. What is fetched when somebody asks for it stays without.
 */
const NAMES = new Set([
	...['base', 'start', 'client-entry', 'hkdf', 'story', 'story-parts', 'duties'],
	...['panes', 'ThreadPane']
]);

/** @returns {import('vite').Plugin} */
export function compileHints() {
	return {
		name: 'compile-hints',
		applyToEnvironment: ({ name }) => name === 'client',
		// Files are named by what they contain: the word is part of it.
		augmentChunkHash: ({ name }) => (NAMES.has(name) ? HINT : ''),
		generateBundle: {
			order: 'post', // it counts on the first line alone, where Vite's own plugins write, too
			handler(_, bundle) {
				const missing = new Set(NAMES);
				for (const file of Object.values(bundle)) {
					if (file.type !== 'chunk' || !NAMES.has(file.name)) continue;
					file.code = HINT + file.code;
					missing.delete(file.name);
				}
				if (missing.size > 0) throw new Error(`no script is called ${[...missing].join()}`);
			}
		}
	};
}
