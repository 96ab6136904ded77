/**
 * `npm start`: sets up a clean clone, builds the app if its sources changed, and runs the relay,
 * which serves it. `npm run relay`: the relay alone. All flags go to the relay.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildIfChanged } from './build.mjs';
import { ROOT, run, setUp } from './setup.mjs';

const [mode, ...flags] = process.argv.slice(2);

try {
	process.exitCode = await start();
} catch (error) {
	console.error(`DEFMS: ${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = 1;
}

async function start() {
	const relay = path.join(ROOT, 'relay', 'main.ts');
	if (!existsSync(relay)) throw new Error('relay/main.ts is missing: this copy has no relay in it');
	const node = await setUp();
	if (mode === 'app') await buildIfChanged(node);
	const app = mode === 'app' ? ['--app', 'build'] : [];
	return run(node, ['--disable-warning=ExperimentalWarning', relay, ...app, ...flags]);
}
