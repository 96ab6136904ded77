/** What axe does not look for. Each answers with what is wrong; nothing: all is well. */
import type { Page } from 'playwright-core';

/** The frame of received HTML is left out: a document of its own, and its writer's. */
export const AXE_RULES = { iframes: false };

/** WCAG 2.5.8: 24 by 24 px, but for links in a sentence and what only screen readers meet. */
export async function findSmallTargets(page: Page): Promise<string[]> {
	return page.evaluate(() =>
		[...document.querySelectorAll('button, a, summary, input, select, textarea, [role=option]')]
			.filter((element) => element.checkVisibility() && !element.closest('p, .unseen'))
			.filter((element) => !element.matches('[type=radio], [type=search]'))
			.map((element) => ({ element, box: element.getBoundingClientRect() }))
			.filter(({ box }) => box.width > 1 && (box.width < 24 || box.height < 24))
			.map(({ element, box }) => {
				const size = `${box.width.toFixed(0)}×${box.height.toFixed(0)}`;
				return `target of ${size} px: ${element.outerHTML.slice(0, 120)}`;
			})
	);
}

/** WCAG 1.4.10: nothing but what is wide by nature (tables, code, pictures) scrolls sideways. */
export async function findWide(page: Page): Promise<string[]> {
	return page.evaluate(() =>
		[...document.querySelectorAll('html, body *')]
			.filter((element) => element.scrollWidth > element.clientWidth + 1)
			.filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX))
			.filter((element) => !element.matches('pre, [role=toolbar]'))
			.map((element) => `scrolls sideways: ${element.outerHTML.slice(0, 120)}`)
	);
}

/** What is pressed stands in the window, or where scrolling brings it there. */
export async function findOutside(page: Page): Promise<string[]> {
	return page.evaluate(() => {
		const isReached = (element: Element): boolean => {
			for (let up = element.parentElement; up !== null; up = up.parentElement) {
				if (/auto|scroll/.test(getComputedStyle(up).overflowX)) {
					if (up.scrollWidth > up.clientWidth + 1) return true;
				}
			}
			return false;
		};
		return [...document.querySelectorAll('button, a, input, select, textarea, [tabindex="0"]')]
			.filter((element) => element.checkVisibility() && !element.closest('.unseen'))
			.map((element) => ({ element, box: element.getBoundingClientRect() }))
			.filter(({ box }) => box.width > 1 && (box.left < -1 || box.right > innerWidth + 1))
			.filter(({ element }) => !isReached(element))
			.map(({ element }) => `out of the window: ${element.outerHTML.slice(0, 120)}`);
	});
}

/** Under reduced motion nothing takes time. */
export async function findMoving(page: Page): Promise<string[]> {
	return page.evaluate(() =>
		document.getAnimations().flatMap((animation) => {
			const { duration } = animation.effect?.getComputedTiming() ?? {};
			const isMoving = typeof duration === 'number' && duration > 1;
			return isMoving && animation.playState === 'running' ? ['moves under reduced motion'] : [];
		})
	);
}

/**
 * WCAG 2.4.7: whatever Tab can reach looks different with the focus: itself, what surrounds it, or the
 * label that stands for it.
 */
export async function findUnfocused(page: Page): Promise<string[]> {
	// Only who uses keys is shown the focus.
	await page.keyboard.press('Shift');
	return page.evaluate(() => {
		const modal = [...document.querySelectorAll('dialog:modal')].at(-1);
		const within = modal ?? document;
		const reachable = [
			...within.querySelectorAll<HTMLElement>(
				'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex="0"], [contenteditable=true]'
			)
		] // In a field of text the bar that blinks shows it.
			.filter(
				(element) => !element.matches('[role=textbox], [role=combobox], textarea, [type=text]')
			)
			.filter(({ tabIndex }) => tabIndex >= 0);
		const lookOf = (element: HTMLElement): string => {
			const around = [element, element.nextElementSibling, element.parentElement];
			const more = [
				element.parentElement?.parentElement,
				element.parentElement?.parentElement?.parentElement
			];
			return [...around, ...more]
				.map((one) => {
					if (!one) return '';
					const style = getComputedStyle(one);
					const outline = style.outlineStyle === 'none' ? '' : style.outline;
					return [outline, style.boxShadow, style.borderColor, style.backgroundColor].join();
				})
				.join(';');
		};
		const before = document.activeElement;
		const faults: string[] = [];
		for (const element of reachable) {
			if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
			const plain = lookOf(element);
			element.focus({ preventScroll: true });
			// One that is not drawn takes no focus.
			if (document.activeElement !== element) continue;
			if (lookOf(element) === plain) {
				faults.push(`focus does not show: ${element.outerHTML.slice(0, 120)}`);
			}
		}
		if (before instanceof HTMLElement) before.focus({ preventScroll: true });
		return faults;
	});
}
