import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { wuchale } from 'wuchale/vite';
import { bundlePdfViewer } from '../../scripts/pdf-viewer.mjs';

const WORDS = path.resolve(import.meta.dirname, '../../wuchale.config.js');

const pdfViewer = await bundlePdfViewer();

/** As in the app's policy. */
const withHash: Plugin = {
	name: 'with-hash',
	transformIndexHtml: (html) =>
		html.replace("script-src 'self'", `script-src 'self' 'wasm-unsafe-eval' '${pdfViewer.hash}'`)
};

export default defineConfig({
	root: import.meta.dirname,
	plugins: [
		pdfViewer.plugin,
		withHash,
		wuchale({ configPath: WORDS }),
		svelte({ configFile: false })
	],
	build: {
		emptyOutDir: true,
		target: 'es2022',
		reportCompressedSize: false,
		// Of one piece: each test loads it anew, and 130 pieces took longer than most tests.
		rolldownOptions: { output: { codeSplitting: false } }
	},
	logLevel: 'error'
});
