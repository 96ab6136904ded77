/** What a browser really holds, whatever its screen shows: every row of its storage, opened. */
import type { Page } from '@playwright/test';
import type { Dump } from '../../kept/page.ts';
import { buildPage } from '../../kept/profile.ts';

/** Is this text in any row of any table? The page is open on the app. */
export async function holds(page: Page, text: string): Promise<boolean> {
	const code = await buildPage();
	const { rows } = await page.evaluate<Dump>(`(() => { ${code}; return page.dump(); })()`);
	const wanted = Buffer.from(text).toString('hex');
	return Object.values(rows).some((table) => table.some((row) => row.includes(wanted)));
}
