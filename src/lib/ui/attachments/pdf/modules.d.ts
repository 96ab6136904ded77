/** pdf.js's reader, which puts itself on the global object and exports nothing that we use. */
declare module 'pdfjs-dist/build/pdf.worker.mjs';

/** URL of the frame's program (`scripts/pdf-viewer.mjs`). */
declare module 'virtual:pdf-viewer' {
	const url: string;
	export default url;
}
