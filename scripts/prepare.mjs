/**
 * npm runs this after an installation: tsconfig.json extends a file that SvelteKit writes into
 * node_modules, and the words of the screens are made of their catalogs. Under a Node that is too old
 * for SvelteKit, `npm start` and `npm test` do it.
 */
import { isNewEnough, run, tool } from './setup.mjs';

if (isNewEnough(process.versions.node)) {
	process.exitCode =
		(await run(process.execPath, [tool('svelte-kit'), 'sync'])) ||
		(await run(process.execPath, [tool('wuchale'), '--log-level', 'error']));
}
