import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';

const LONG_MS = 480;
/** A finger is never quite still. */
const STILL_PX = 10;

/** A finger that rests on the element. What it does must also have a button. */
export function longPress(run: () => void): Attachment<HTMLElement> {
	return (element) => {
		let timer: ReturnType<typeof setTimeout> | undefined;
		let from = { x: 0, y: 0 };
		let wasLong = false;
		const stop = () => clearTimeout(timer);
		const offs = [
			on(element, 'pointerdown', (event) => {
				stop();
				wasLong = false;
				if (event.pointerType !== 'touch' || !event.isPrimary) return;
				from = { x: event.clientX, y: event.clientY };
				timer = setTimeout(() => {
					wasLong = true;
					run();
				}, LONG_MS);
			}),
			on(element, 'pointermove', (event) => {
				if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL_PX) stop();
			}),
			on(element, 'pointerup', stop),
			on(element, 'pointercancel', stop),
			on(element, 'contextmenu', (event) => {
				if (wasLong) event.preventDefault();
			}),
			// The finger that rested must not also follow the link below it.
			on(
				element,
				'click',
				(event) => {
					if (!wasLong) return;
					wasLong = false;
					event.preventDefault();
					event.stopPropagation();
				},
				{ capture: true }
			)
		];
		return () => {
			stop();
			for (const off of offs) off();
		};
	};
}
