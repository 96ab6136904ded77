/** The document inside the frame that shows received HTML. */
import type { Sanitised } from './sanitise.ts';
import { MAIL_ROOT, sheetInLayer } from './sheet.ts';

/** Marks the mail's own style element. */
export const SHEET = 'data-sheet';

export type FrameScheme = 'system' | 'light' | 'dark';

/** Nothing is fetched, nothing runs, even if the sanitiser had a hole. */
const POLICY =
	"default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

/** Below the mail's own sheet, and above it what is marked important: layers turn round for that. */
const STYLE = `
@layer app, mail;
@layer app {
html { overflow: auto hidden; touch-action: pan-y pinch-zoom; }
body {
	display: flow-root;
	margin: 0;
	color: light-dark(oklch(0.24 0.02 255), oklch(0.93 0.008 85));
	font: 400 15.5px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif;
	overflow-wrap: anywhere;
}
body > :first-child { margin-block-start: 0; }
body > :last-child { margin-block-end: 0; }
p, ul, ol, blockquote, pre { margin-block: 10px; }
/* An empty line between paragraphs, as the editor writes it, is a gap and not a whole line. */
body > div:has(> br:only-child) { font-size: 0.5em; }
body > :is(div, p, ul, ol, blockquote, pre) { max-inline-size: 66ch; }
::highlight(search-hit) {
	background-color: light-dark(oklch(0.92 0.09 90), oklch(0.42 0.07 85));
	color: light-dark(oklch(0.24 0.02 255), oklch(0.97 0.01 85));
}
a { color: light-dark(oklch(0.5 0.115 215), oklch(0.75 0.1 210)); }
img { max-inline-size: 100%; block-size: auto; }
img:not([src]) { display: none; }
table { max-inline-size: 100%; border-collapse: collapse; }
/* Painted for a desk: on a phone it is as wide as the phone, and not cut off. */
@media (max-width: 640px) {
	div { max-inline-size: 100%; }
	:is(table, td, th):not([width$='%'], [style*='%']) { inline-size: auto !important; min-inline-size: 0 !important; }
}
pre { white-space: pre-wrap; font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: 13.5px; }
blockquote {
	margin-inline: 0;
	padding-inline-start: 12px;
	border-inline-start: 2px solid light-dark(oklch(0.86 0.008 85), oklch(0.36 0.014 255));
	color: light-dark(oklch(0.46 0.02 255), oklch(0.74 0.012 255));
}
`;

/** The pill that unfolds a quotation: 24 px high at least, and the browser's own button. */
const FOLD = `
details { display: block !important; }
details > summary {
	display: inline-block !important;
	min-inline-size: 36px !important;
	min-block-size: 24px !important;
	margin-block: 10px 4px;
	border-radius: 12px;
	opacity: 1 !important;
	background: light-dark(oklch(0.93 0.006 85), oklch(0.31 0.014 255));
	font: 700 15px/24px system-ui, sans-serif;
	text-align: center;
	list-style: none;
	cursor: pointer;
}
summary::-webkit-details-marker { display: none; }
summary:focus-visible { outline: 2px solid light-dark(oklch(0.5 0.115 215), oklch(0.75 0.1 210)); outline-offset: 2px; }
}
`;

const SCHEMES: Record<FrameScheme, string> = {
	system: 'light dark',
	light: 'light',
	dark: 'dark'
};

export interface Showing {
	readonly scheme: FrameScheme;
	/** On the white paper for which it was painted, in every scheme. */
	readonly isAsSent: boolean;
	/** May pictures be fetched from elsewhere? The page's own policy lets them come over TLS alone. */
	readonly fetchesPictures: boolean;
}

export function frameDocument(mail: Sanitised, showing: Showing): string {
	return (
		'<!doctype html><html><head><meta charset="utf-8">' +
		`<meta http-equiv="Content-Security-Policy" content="${policy(showing)}">` +
		'<meta name="referrer" content="no-referrer">' +
		// Else the names of its links are looked up where the app itself came over plain http.
		'<meta http-equiv="x-dns-prefetch-control" content="off">' +
		`<style>${STYLE}${FOLD}${paper(mail, showing)}</style>` +
		`<style ${SHEET}>${sheetInLayer(mail.css)}</style>` +
		`</head><body dir="auto" ${MAIL_ROOT}>${mail.html}</body></html>`
	);
}

function policy({ fetchesPictures }: Showing): string {
	return fetchesPictures ? POLICY.replace('img-src', 'img-src https:') : POLICY;
}

/** Mail without colours of its own lies on ours; other mail on white, or on white turned over. */
function paper({ hasColours }: Sanitised, { scheme, isAsSent }: Showing): string {
	if (!hasColours) return `html { color-scheme: ${SCHEMES[scheme]}; }`;
	return `html { color-scheme: ${isAsSent ? 'light' : SCHEMES[scheme]}; background: light-dark(#fff, oklch(0.21 0.012 255)); } body { padding: 12px; }`;
}
