/**
 * The program of the frame that shows PDF (`src/lib/ui/attachments/pdf/viewer.ts`), bundled by itself. The
 * frame has an origin of its own and inherits the page's policy, so neither a URL nor an import can
 * bring the program in: it stands in the frame's document, and the policy names its hash.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { build } from 'vite';

const ROOT = path.resolve(import.meta.dirname, '..');
const ENTRY = path.join(ROOT, 'src/lib/ui/attachments/pdf/viewer.ts');
const MODULE = 'virtual:pdf-viewer';

/**
 * @returns {Promise<{ hash: `sha256-${string}`, plugin: import('vite').Plugin }>} the source for
 * `script-src`, and `virtual:pdf-viewer`, whose default export is the URL of the program's text
 */
export async function bundlePdfViewer() {
	const code = await bundle();
	const hash = createHash('sha256').update(code).digest('base64');
	return { hash: `sha256-${hash}`, plugin: servePdfViewer(code) };
}

/** @returns {Promise<string>} as it stands between script tags */
async function bundle() {
	const result = await build({
		configFile: false,
		root: ROOT,
		logLevel: 'error',
		build: {
			write: false,
			target: 'es2022',
			reportCompressedSize: false,
			chunkSizeWarningLimit: 4_000,
			lib: { entry: ENTRY, formats: ['iife'], name: 'viewer', fileName: 'viewer' }
		}
	});
	const [output] = Array.isArray(result) ? result : [result];
	if (!output || !('output' in output)) throw new Error('the PDF viewer was not built');
	// What would end the script, or begin a comment in it, can only stand in strings and patterns.
	return output.output[0].code
		.replaceAll(/<\/(script)/gi, '<\\/$1')
		.replaceAll('<!--', '<\\!--')
		.replaceAll('\r', '');
}

/** @param {string} code @returns {import('vite').Plugin} */
function servePdfViewer(code) {
	let isBuilding = false;
	return {
		name: 'pdf-viewer',
		configResolved({ command }) {
			isBuilding = command === 'build';
		},
		resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
		load(id) {
			if (id !== `\0${MODULE}`) return null;
			if (!isBuilding) {
				return `export default URL.createObjectURL(new Blob([${JSON.stringify(code)}]))`;
			}
			const file = this.emitFile({ type: 'asset', name: 'pdf-viewer.txt', source: code });
			return `export default import.meta.ROLLUP_FILE_URL_${file}`;
		}
	};
}
