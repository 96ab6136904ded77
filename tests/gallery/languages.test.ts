/** Screens in other languages, right to left among them. */
import { describe, expect, test } from 'vitest';
import { openScreens } from './screens.ts';
import { DESKTOP, findFaults, PHONE } from './stage.ts';

const show = openScreens();

test('right to left, the navigation stands on the right', async () => {
	const page = await show('hard', '#/thread/rtl', { locale: 'ar' });
	expect(await page.evaluate(() => [document.dir, document.documentElement.lang])).toEqual([
		'rtl',
		'ar'
	]);
	const box = await page.locator('nav.navigation').boundingBox();
	expect(box?.x).toBeGreaterThan(DESKTOP.width / 2);
});

describe.each(['ar', 'de'])('in %s', (language) => {
	test.each([
		['usual', '#/inbox'],
		['usual', '#/thread/garden'],
		['usual', '#/settings'],
		['welcome', '#/inbox']
	])('%s %s: whole, without sideways scrolling', async (scene, fragment) => {
		const page = await show(scene, fragment, { viewport: PHONE, locale: language });
		expect(await findFaults(page)).toEqual([]);
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
		// What is not in the catalogs stays empty on the screen.
		const nameless = () =>
			page.evaluate(() =>
				[...document.querySelectorAll('button, h1, h2')]
					.filter((element) => element.checkVisibility())
					.filter((element) => !element.textContent.trim() && !element.getAttribute('aria-label'))
					.map((element) => element.outerHTML.slice(0, 120))
			);
		await expect.poll(nameless).toEqual([]);
	});
});
