/** Every screen at 400 percent. */
import { expect, test } from 'vitest';
import { openScreens, SCREENS } from './screens.ts';

/** 1280 px at 400 %: WCAG 1.4.10. */
const ZOOMED = { width: 320, height: 256 };

const show = openScreens();

test.each(SCREENS)('%s %s needs no sideways scrolling at 400 percent', async (scene, fragment) => {
	const page = await show(scene, fragment, { viewport: ZOOMED });
	const wide = await page.evaluate(() =>
		[...document.querySelectorAll('html, body *')]
			.filter((element) => element.scrollWidth > element.clientWidth + 1)
			.filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX))
			.map((element) => `${String(element.scrollWidth)} ${element.outerHTML.slice(0, 120)}`)
	);
	expect(wide).toEqual([]);
});
