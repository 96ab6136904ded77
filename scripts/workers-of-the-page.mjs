/**
 * Workers as entries of the page's own bundle. A worker that is bundled by itself brings a second copy of
 * all that the page runs, too; so each module stands in one file, and whoever needs it imports that. The
 * source says `new Worker(new URL(…))`, and where nothing is bundled that is what runs.
 */
import path from 'node:path';

/** @typedef {import('vite').Rolldown.PluginContext} Graph */
/** @typedef {import('vite').Rolldown.OutputBundle} Bundle */
/** @typedef {import('vite').Rolldown.OutputChunk} Chunk */

const FILE = /new URL\(\s*'(\.\.\/workers\/([\w-]+)\.ts)',\s*import\.meta\.url\s*\)/g;
/** Of the bundler itself: what joins modules, which has no import. */
const isItsOwn = (/** @type {string} */ id) => id.startsWith('\0');

/**
 * @param {readonly string[]} names of workers in `src/lib/workers`. One that is smaller than what it would
 * share is better by itself.
 * @returns {{ plugin: import('vite').Plugin, isOfWorkers: (id: string) => boolean, isOfFirstScreen: (id: string) => boolean }}
 * the two know which modules run in one of these, and which the page needs at once, when all are read
 */
export function workersOfThePage(names) {
	/** @type {Map<string, string>} worker's module → reference to its file */
	const roots = new Map();
	/** @type {Set<string>} */
	let ofWorkers = new Set();
	/** @type {Set<string>} */
	let ofFirstScreen = new Set();
	/** @type {import('vite').Plugin} */
	const plugin = {
		name: 'workers-of-the-page',
		apply: 'build',
		enforce: 'pre',
		applyToEnvironment: ({ name }) => name === 'client',
		transform(code, id) {
			if (!code.includes('new Worker(')) return null;
			return code.replace(FILE, (as, file, name) => {
				if (!names.includes(name)) return as;
				const root = path.resolve(path.dirname(id), file);
				roots.set(root, this.emitFile({ type: 'chunk', id: root, name }));
				return `import.meta.ROLLUP_FILE_URL_${roots.get(root)}`;
			});
		},
		buildEnd(error) {
			if (error) return;
			if (roots.size < names.length)
				this.error('a worker is started in another way, or not at all');
			ofWorkers = reach(this, [...roots.keys()]);
			const entries = [...this.getModuleIds()].filter((id) => this.getModuleInfo(id)?.isEntry);
			ofFirstScreen = reach(
				this,
				entries.filter((id) => !roots.has(id))
			);
		},
		generateBundle(_options, bundle) {
			forgetUnnamed(bundle);
			const names = [...roots.values()].map((reference) => this.getFileName(reference));
			for (const { fileName, moduleIds, dynamicImports } of filesOf(bundle, names)) {
				const foreign = moduleIds.find((id) => !ofWorkers.has(id) && !isItsOwn(id));
				if (foreign !== undefined)
					this.error(`a worker would load ${foreign}, and has no need of it`);
				// What Vite makes of an `import()` writes into the head of the document, which a worker has not.
				if (dynamicImports.length > 0)
					this.error(`a worker loads ${fileName}, which has an import()`);
			}
		}
	};
	return {
		plugin,
		isOfWorkers: (id) => ofWorkers.has(id),
		isOfFirstScreen: (id) => ofFirstScreen.has(id)
	};
}

/**
 * @param {Graph} graph
 * @param {readonly string[]} roots
 * @returns {Set<string>} these, and what they import other than at run time
 */
function reach(graph, roots) {
	const found = new Set(roots);
	for (const id of found) {
		for (const next of graph.getModuleInfo(id)?.importedIds ?? []) found.add(next);
	}
	return found;
}

/**
 * Who starts a worker is said to have an asset, under the name that the worker's file had while it had no
 * other. Kit would have the service worker fetch that. The file itself is listed as an entry.
 * @param {Bundle} bundle
 */
function forgetUnnamed(bundle) {
	for (const file of Object.values(bundle)) {
		if (file.type !== 'chunk') continue;
		const assets = file.viteMetadata?.importedAssets ?? new Set();
		for (const name of assets) if (!(name in bundle)) assets.delete(name);
	}
}

/**
 * @param {Bundle} bundle
 * @param {readonly string[]} names of files
 * @returns {Chunk[]} these, and what they import
 */
function filesOf(bundle, names) {
	const found = new Set(names);
	/** @type {Chunk[]} */
	const files = [];
	for (const name of found) {
		const file = bundle[name];
		if (file?.type !== 'chunk') continue;
		files.push(file);
		for (const next of file.imports) found.add(next);
	}
	return files;
}
