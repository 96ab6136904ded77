import { rmSync } from 'node:fs';
import path from 'node:path';
import adapter from '@sveltejs/adapter-static';
import type { Adapter } from '@sveltejs/kit';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { wuchale } from 'wuchale/vite';
import { compileHints } from './scripts/compile-hints.mjs';
import { bundlePdfViewer } from './scripts/pdf-viewer.mjs';
import { plainIcons } from './scripts/plain-icons.mjs';
import { preloadErrorPage } from './scripts/preload-error-page.mjs';
import { appVersion } from './scripts/source-hash.mjs';
import { workersOfThePage } from './scripts/workers-of-the-page.mjs';

/** Plain http and ws only to this very machine; everything else is encrypted on its way. */
const LOCAL_ORIGINS = [
	'http://localhost:*',
	'ws://localhost:*',
	'http://127.0.0.1:*',
	'ws://127.0.0.1:*'
] as const;

const pdfViewer = await bundlePdfViewer();
const workers = workersOfThePage(['search', 'mail-reader', 'card-reader']);

/**
 * Not what Kit loads when the page has told it its path, which no file of the first screen may bring in
 * before. What reads no path can come with the rest.
 */
const isOfTheApp = (id: string) =>
	!/[\\/](?:@sveltejs[\\/]kit[\\/](?!src[\\/](?:utils|messages)[\\/])|\.svelte-kit[\\/])|^\0/.test(
		id
	);

/** A server can send every file packed; but what an owner edits after the build stays the only one of its kind. */
const compressing: Adapter = {
	name: 'static, packed',
	async adapt(builder) {
		preloadErrorPage(builder);
		await adapter({ precompress: true }).adapt(builder);
		for (const ending of ['br', 'gz']) rmSync(`build/config.json.${ending}`);
	}
};

export default defineConfig({
	plugins: [
		pdfViewer.plugin,
		workers.plugin,
		plainIcons(),
		compileHints(),
		wuchale(),
		sveltekit({
			adapter: compressing,
			// The styles of all screens are as large as one picture, and forty requests less in the page.
			inlineStyleThreshold: 65_536,
			// Relative links, no fallback page: the bundle works under any path of any static server.
			paths: { relative: true },
			// We register it ourselves, to control when an update takes over.
			serviceWorker: { register: false },
			// Derived from the sources, never from the clock: equal sources build equal bytes.
			version: { name: appVersion(import.meta.dirname), pollInterval: 0 },
			csp: {
				mode: 'hash',
				directives: {
					'default-src': ['none'],
					// The hash: what shows PDF, in a frame with an origin of its own.
					'script-src': ['self', 'wasm-unsafe-eval', pdfViewer.hash],
					// Mail is shown in a srcdoc frame, which inherits this policy and needs its own styles.
					'style-src': ['self', 'unsafe-inline'],
					// Pictures of received mail, when its reader asks for them; until then the frame's own policy
					// lets none in. `connect-src` lets more out than this.
					'img-src': ['self', 'data:', 'blob:', 'https:'],
					// Players read what the service worker streams, and nothing else.
					'media-src': ['self'],
					'font-src': ['self', 'data:'],
					// Reaching any post office is the design; the guard is that no foreign script runs.
					'connect-src': ['self', 'https:', 'wss:', ...LOCAL_ORIGINS],
					'worker-src': ['self'],
					'manifest-src': ['self'],
					'frame-src': ['self', 'blob:'],
					'object-src': ['none'],
					'base-uri': ['none'],
					'form-action': ['none']
				}
			}
		})
	],
	// What it would do for us stays away with its encodings of keys: see there.
	resolve: {
		alias: { '@libp2p/config': path.join(import.meta.dirname, 'src/lib/net/self-key.ts') }
	},
	build: { target: 'es2022' },
	environments: {
		client: {
			build: {
				rolldownOptions: {
					output: {
						// All that the first screen needs in one file, and what workers run, too, in another beside
						// it: over a slow line eighty small ones cost a round trip for every six.
						codeSplitting: {
							groups: [
								{
									name: 'base',
									test: (id) => workers.isOfFirstScreen(id) && workers.isOfWorkers(id)
								},
								{ name: 'start', test: (id) => workers.isOfFirstScreen(id) && isOfTheApp(id) },
								{ name: 'shared', test: workers.isOfWorkers, minShareCount: 2, entriesAware: true },
								{ name: 'welcome', test: /[\\/]ui[\\/]welcome[\\/]/ },
								{ name: 'panes', test: /[\\/]src[\\/]lib[\\/]ui[\\/]|lucide/, minShareCount: 2 },
								{
									name: 'story',
									test: /[\\/]src[\\/]lib[\\/](?!ui[\\/]|words[\\/])/,
									minShareCount: 2
								}
							]
						}
					}
				}
			}
		}
	}
});
