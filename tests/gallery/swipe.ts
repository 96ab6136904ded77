import type { Locator, Page } from 'playwright-core';

/**
 * By the browser's own touch input: synthetic pointers cannot be captured. At a finger's pace, a
 * frame for each step: within one frame the swipe is over before the browser could begin to pan.
 */
export async function swipe(page: Page, on: Locator, distancePx: number): Promise<void> {
	const box = await on.boundingBox();
	if (!box) throw new Error('nothing there to swipe');
	const session = await page.context().newCDPSession(page);
	const [x, y] = [box.x + box.width / 2 - distancePx / 2, box.y + box.height / 2];
	const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', dx: number) => {
		const touchPoints = type === 'touchEnd' ? [] : [{ x: x + dx, y }];
		await session.send('Input.dispatchTouchEvent', { type, touchPoints });
	};
	await touch('touchStart', 0);
	for (let step = 1; step <= 10; step++) {
		await touch('touchMove', (distancePx * step) / 10);
		await page.evaluate(() => new Promise(requestAnimationFrame));
	}
	await touch('touchEnd', distancePx);
	await session.detach();
}
