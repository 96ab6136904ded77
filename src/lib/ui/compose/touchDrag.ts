import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';

/** How long a finger rests on somebody before it lifts them: a shorter one taps, or scrolls. */
const LIFT_MS = 380;
/** A finger is never quite still. */
const STILL_PX = 10;

export interface TouchDrag {
	/** It is lifted: whatever it can be dropped on is to be seen. */
	onlift(): void;
	/** The finger is over this element now; null: over nothing. */
	onmove(over: Element | null): void;
	/** `over`: what it was dropped on; null: nothing, or it was put back. */
	ondrop(over: Element | null): void;
}

/**
 * A finger that rests on the element lifts it, and carries a picture of it; what it does must also have a
 * button. A mouse has the browser's own dragging, which some browsers begin for fingers, too, and which is
 * off while one is down.
 */
export function touchDrag(drag: TouchDrag): Attachment<HTMLElement> {
	return (element) => {
		let down: { readonly id: number; readonly x: number; readonly y: number } | null = null;
		let timer: ReturnType<typeof setTimeout> | undefined;
		let ghost: HTMLElement | null = null;
		let wasLifted = false;

		const end = (over: Element | null) => {
			clearTimeout(timer);
			const wasCarried = ghost !== null;
			ghost?.remove();
			ghost = null;
			down = null;
			element.draggable = true;
			element.removeAttribute('data-lifted');
			if (wasCarried) drag.ondrop(over);
		};
		const lift = () => {
			if (down === null) return;
			wasLifted = true;
			ghost = pictureOf(element);
			element.setAttribute('data-lifted', '');
			carry(ghost, element, down);
			drag.onlift();
		};
		const offs = [
			on(element, 'pointerdown', (event) => {
				wasLifted = false;
				// A second finger zooms, or scrolls.
				if (down !== null || !event.isPrimary) return end(null);
				if (event.pointerType !== 'touch') return;
				element.draggable = false;
				down = { id: event.pointerId, x: event.clientX, y: event.clientY };
				timer = setTimeout(lift, LIFT_MS);
			}),
			on(element, 'pointermove', (event) => {
				if (event.pointerId !== down?.id) return;
				if (ghost === null) {
					const { x, y } = down;
					if (Math.hypot(event.clientX - x, event.clientY - y) > STILL_PX) end(null);
					return;
				}
				carry(ghost, element, { x: event.clientX, y: event.clientY });
				drag.onmove(elementUnder(event));
			}),
			on(element, 'pointerup', (event) => {
				if (event.pointerId === down?.id) end(elementUnder(event));
			}),
			on(element, 'pointercancel', (event) => {
				if (event.pointerId === down?.id) end(null);
			}),
			// Not passive: what is lifted does not scroll the page.
			on(element, 'touchmove', (event) => ghost !== null && event.preventDefault(), {
				passive: false
			}),
			on(element, 'contextmenu', (event) => {
				if (wasLifted || down !== null) event.preventDefault();
			}),
			on(window, 'keydown', (event) => {
				if (event.key === 'Escape' && ghost !== null) end(null);
			}),
			// The finger that carried must not also press the button on which it began.
			on(
				element,
				'click',
				(event) => {
					if (!wasLifted) return;
					wasLifted = false;
					event.preventDefault();
					event.stopPropagation();
				},
				{ capture: true }
			)
		];
		return () => {
			end(null);
			for (const off of offs) off();
		};
	};
}

/** It lies above everything, and under no finger. */
function pictureOf(element: HTMLElement): HTMLElement {
	const picture = document.createElement('div');
	const copy = element.cloneNode(true);
	picture.append(copy);
	picture.inert = true;
	picture.ariaHidden = 'true';
	Object.assign(picture.style, {
		position: 'fixed',
		zIndex: '20',
		insetBlockStart: '0',
		left: '0',
		maxInlineSize: '80vw',
		opacity: '0.9',
		pointerEvents: 'none',
		listStyle: 'none'
	});
	document.body.append(picture);
	return picture;
}

/** Above the finger, which else hides it. The size of the text zooms the page: then a pixel is another. */
function carry(
	picture: HTMLElement,
	element: HTMLElement,
	{ x, y }: { readonly x: number; readonly y: number }
): void {
	const scale = element.getBoundingClientRect().width / element.offsetWidth || 1;
	const [left, top] = [x / scale - picture.offsetWidth / 2, y / scale - picture.offsetHeight - 14];
	picture.style.transform = `translate(${String(Math.round(left))}px, ${String(Math.round(top))}px)`;
}

function elementUnder({ clientX, clientY }: PointerEvent): Element | null {
	return document.elementFromPoint(clientX, clientY);
}
