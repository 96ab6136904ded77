import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';

interface Swipes {
	/** Finger moved from the start of the line to its end, and the other way. */
	readonly toEnd: (() => void) | null;
	readonly toStart: (() => void) | null;
}

/** Beyond this a movement is sideways and not a scroll or a tap. */
const SIDEWAYS_PX = 12;
const DONE_PX = 88;

/**
 * Sideways swipes of a finger. The element follows by the CSS variable `--swipe` and needs
 * `touch-action: pan-y`. Everything that a swipe does must also have a button.
 */
export function swipe(swipes: () => Swipes): Attachment<HTMLElement> {
	return (element) => {
		let from: { readonly x: number; readonly y: number; readonly id: number } | null = null;
		let dx = 0;
		let isSideways = false;

		function start(event: PointerEvent) {
			if (event.pointerType !== 'touch' || !event.isPrimary) return;
			from = { x: event.clientX, y: event.clientY, id: event.pointerId };
			isSideways = false;
		}

		function move(event: PointerEvent) {
			if (event.pointerId !== from?.id) return;
			dx = event.clientX - from.x;
			if (!isSideways) {
				if (Math.abs(dx) < SIDEWAYS_PX) return;
				if (Math.abs(dx) < 2 * Math.abs(event.clientY - from.y)) return stop();
				isSideways = true;
				element.setPointerCapture(from.id);
			}
			const shown = chooseSwipe() ? dx : dx / 8;
			element.style.setProperty('--swipe', `${String(Math.round(shown))}px`);
		}

		function end() {
			const run = isSideways && Math.abs(dx) >= DONE_PX ? chooseSwipe() : null;
			stop();
			run?.();
		}

		function chooseSwipe(): (() => void) | null {
			const isToEnd = getComputedStyle(element).direction === 'rtl' ? dx < 0 : dx > 0;
			return isToEnd ? swipes().toEnd : swipes().toStart;
		}

		function stop() {
			from = null;
			dx = 0;
			element.style.removeProperty('--swipe');
		}

		/** The finger that swiped must not also follow the link below it. */
		function swallowClick(event: MouseEvent) {
			if (!isSideways) return;
			isSideways = false;
			event.preventDefault();
			event.stopPropagation();
		}

		const offs = [
			on(element, 'pointerdown', start),
			on(element, 'pointermove', move),
			on(element, 'pointerup', end),
			on(element, 'pointercancel', stop),
			on(element, 'click', swallowClick, { capture: true })
		];
		return () => {
			for (const off of offs) off();
		};
	};
}
