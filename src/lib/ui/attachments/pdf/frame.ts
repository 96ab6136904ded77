/** The document of the frame that shows a PDF. It comes with its program, and fetches nothing. */

/** The page's own policy, which the frame inherits, lets this one script in by its hash. */
const POLICY =
	"default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data: blob:; form-action 'none'; base-uri 'none'";

const STYLE = `
:root { color-scheme: light dark; }
body { display: grid; gap: 12px; margin: 0; padding: 12px; background: light-dark(oklch(0.93 0.006 85), oklch(0.14 0.012 255)); font: 14px/1.4 system-ui, sans-serif; }
section { position: relative; overflow: hidden; inline-size: 100%; background: #fff; box-shadow: 0 1px 4px rgb(0 0 0 / 0.2); color: #333; }
canvas { display: block; inline-size: 100%; block-size: 100%; }
.words { position: absolute; inset: 0; overflow: hidden; margin: 0; color: transparent; font-size: 8px; }
`;

/** @param code the program, as `scripts/pdf-viewer.mjs` makes it: not one byte may change */
export function pdfDocument(code: string): string {
	return (
		'<!doctype html><html><head><meta charset="utf-8">' +
		`<meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
		`<style>${STYLE}</style></head><body><script>${code}</script></body></html>`
	);
}
