/** The published attacks and the odd messages of the corpora, opened as the app opens mail. */
import { expect, test } from '@playwright/test';
import { chromium } from '../engines/chromium.ts';
import { openHostileMail } from '../engines/hostile.ts';
import { openGallery } from '../gallery/open.ts';

test('mail: hostile', async () => {
	await using gallery = await openGallery();
	const report = await openHostileMail(chromium, gallery.url);
	expect(report.wrongs).toEqual([]);
	expect(report.asked).toEqual([]);
	expect(report.shown).toBeGreaterThan(process.env['CORPORA'] ? 400 : 20);
});
