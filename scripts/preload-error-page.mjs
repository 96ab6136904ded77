/**
 * Kit starts no page before it has also fetched the page that tells of errors, and asks for it only when
 * its own scripts run: over a slow line one more round trip before the first word. Here it is asked for
 * with the others.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const NODES = '_app/immutable/nodes';
/** Kit's numbers: 0 is the outermost layout, 1 its error page. */
const ERROR_PAGE = /^1\..+\.js$/;
const LAST_OF_HINTS =
	/(<link href="(\S*)_app\/immutable\/[^"]+" rel="modulepreload">)(?![\s\S]*rel="modulepreload")/;

/**
 * @param {import('@sveltejs/kit').Builder} builder after Kit has written the pages, before they are packed
 * @throws {Error} if Kit writes its pages or its error page in another way
 */
export function preloadErrorPage(builder) {
	const output = builder.getBuildDirectory('output');
	const [name, ...others] = readdirSync(path.join(output, 'client', NODES)).filter((file) =>
		ERROR_PAGE.test(file)
	);
	if (name === undefined || others.length > 0) throw new Error('which is the error page?');
	for (const { file } of builder.prerendered.pages.values()) {
		const page = path.join(output, 'prerendered/pages', file);
		const html = readFileSync(page, 'utf8');
		if (!LAST_OF_HINTS.test(html)) throw new Error(`${file} names no scripts`);
		const hint = `$1\n\t\t<link href="$2${NODES}/${name}" rel="modulepreload">`;
		writeFileSync(page, html.replace(LAST_OF_HINTS, hint));
	}
}
