import { markLanguage } from '#lib/words/language.ts';
import { loadFirstWords } from '#lib/words/first.loader.svelte.ts';

// Every page is a shell that is made at build time and filled by the browser (ARCHITECTURE.md).
export const prerender = true;
export const ssr = false;
// A folder with an index.html per page is what every static server understands.
export const trailingSlash = 'always';

export async function load(): Promise<void> {
	markLanguage(document.documentElement);
	await loadFirstWords();
}
