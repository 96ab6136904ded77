import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { bundlePdfViewer } from '../../scripts/pdf-viewer.mjs';

const pdfViewer = await bundlePdfViewer();

/** As in the app's policy. */
const withHash: Plugin = {
	name: 'with-hash',
	transformIndexHtml: (html) =>
		html.replace("script-src 'self'", `script-src 'self' 'wasm-unsafe-eval' '${pdfViewer.hash}'`)
};

export default defineConfig({
	root: import.meta.dirname,
	plugins: [pdfViewer.plugin, withHash, svelte({ configFile: false })],
	build: { emptyOutDir: true, target: 'es2022', reportCompressedSize: false },
	logLevel: 'error'
});
