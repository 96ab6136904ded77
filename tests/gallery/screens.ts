/** Every screen on the fixture, and what is asked of each. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { COLOURS, findFaults, openStage, settle, type Show } from './stage.ts';

export const SCREENS = [
	['usual', '#/inbox'],
	['usual', '#/thread/roof'],
	['usual', '#/thread/urgent'],
	['usual', '#/thread/garden'],
	['usual', '#/thread/stairs'],
	['usual', '#/requests'],
	['usual', '#/people'],
	['usual', '#/group/house'],
	['usual', '#/settings'],
	['usual', '#/proof'],
	['usual', '#/parcel'],
	['usual', '#/traffic'],
	['usual', '#/trash'],
	['labels', '#/inbox'],
	['usual', '#/folder/offers'],
	['words', '#/inbox'],
	['empty', '#/inbox'],
	['empty', '#/requests'],
	['loading', '#/inbox'],
	['full', '#/thread/minutes'],
	['hard', '#/thread/rtl'],
	['welcome', '#/inbox'],
	['welcome', '#/proof'],
	['fleeting', '#i=aB3'],
	['fleeting', '#l=open'],
	['welcome', '#l=closed'],
	['letter-open', '#/thread/roof'],
	['guest', '#/thread/roof'],
	['insecure', '#/inbox']
] as const;

/** As `openStage`; what it shows has its heading, and stands still. */
export function openScreens(): Show {
	const stage = openStage();
	return async (...what) => {
		const page = await stage(...what);
		await page.locator('h1').first().waitFor({ state: 'attached' });
		await settle(page);
		return page;
	};
}

export function testScreens(show: Show, viewport: { width: number; height: number }): void {
	test.each(SCREENS)(
		'%s %s: no fault that axe can see, targets of 24 px',
		async (scene, fragment) => {
			const page = await show(scene, fragment, { viewport });
			expect(await findFaults(page), 'light').toEqual([]);
			// Dark differs by its colours alone.
			await page.emulateMedia({ colorScheme: 'dark' });
			await settle(page);
			expect(await findFaults(page, COLOURS), 'dark').toEqual([]);
			expect(await smallTargets(page)).toEqual([]);
		}
	);
}

function smallTargets(page: Page): Promise<string[]> {
	return page.evaluate(() =>
		[...document.querySelectorAll('button, a, summary, input, [role=option]')]
			// Within a sentence, and what only screen readers meet, is exempt (WCAG 2.5.8).
			.filter((element) => element.checkVisibility() && !element.closest('p, .unseen'))
			.filter((element) => !element.matches('[type=radio], [type=search]'))
			.map((element) => ({ element, box: element.getBoundingClientRect() }))
			.filter(({ box }) => box.width < 24 || box.height < 24)
			.map(({ element }) => element.outerHTML.slice(0, 120))
	);
}
