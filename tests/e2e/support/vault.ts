/** What a browser really holds, whatever its screen shows: every row of its storage, opened. */
import type { Page } from '@playwright/test';
import type { Dump, Planted } from '../../kept/page.ts';
import { buildPage } from '../../kept/profile.ts';

/** Every row of every table, as canonical DAG-CBOR in hex. The page is open on the app. */
export async function rowsOf(page: Page): Promise<Dump['rows']> {
	return (await dumpOf(page)).rows;
}

/** With the key ring, which some rows need. */
export async function dumpOf(page: Page): Promise<Dump> {
	const code = await buildPage();
	return page.evaluate<Dump>(`(() => { ${code}; return page.dump(); })()`);
}

/** Writes rows past the app; reload it to see them. */
export async function plant(page: Page, rows: readonly Planted[]): Promise<void> {
	const code = await buildPage();
	await page.evaluate(`(() => { ${code}; return page.plant(${JSON.stringify(rows)}); })()`);
}

/** Is this text in any row of any table? The page is open on the app. */
export async function holds(page: Page, text: string): Promise<boolean> {
	const rows = await rowsOf(page);
	const wanted = Buffer.from(text).toString('hex');
	return Object.values(rows).some((table) => table.some((row) => row.includes(wanted)));
}
