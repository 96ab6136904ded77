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
		const finger = new Finger(element, drag);
		const offs = [
			on(element, 'pointerdown', (event) => finger.press(event)),
			on(element, 'pointermove', (event) => finger.move(event)),
			on(element, 'pointerup', (event) => finger.release(event, elementUnder(event))),
			on(element, 'pointercancel', (event) => finger.release(event, null)),
			// Not passive: what is lifted does not scroll the page.
			on(element, 'touchmove', (event) => finger.holdPage(event), { passive: false }),
			on(element, 'contextmenu', (event) => finger.keepMenuAway(event)),
			on(element, 'click', (event) => finger.keepClickAway(event), { capture: true }),
			on(window, 'keydown', ({ key }) => {
				if (key === 'Escape') finger.putBack();
			})
		];
		return () => {
			finger.end(null);
			for (const off of offs) off();
		};
	};
}

/** The one that is down on the element. */
class Finger {
	readonly #element: HTMLElement;
	readonly #drag: TouchDrag;
	#down: { readonly id: number; readonly x: number; readonly y: number } | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;
	/** Of what is lifted. */
	#picture: HTMLElement | null = null;
	#wasLifted = false;

	constructor(element: HTMLElement, drag: TouchDrag) {
		this.#element = element;
		this.#drag = drag;
	}

	press({ pointerType, pointerId, isPrimary, clientX: x, clientY: y }: PointerEvent): void {
		this.#wasLifted = false;
		// A second finger zooms, or scrolls.
		if (this.#down !== null || !isPrimary) this.end(null);
		else if (pointerType === 'touch') {
			this.#element.draggable = false;
			this.#down = { id: pointerId, x, y };
			this.#timer = setTimeout(() => this.#lift(), LIFT_MS);
		}
	}

	move(event: PointerEvent): void {
		if (this.#down?.id !== event.pointerId) return;
		const { clientX: x, clientY: y } = event;
		if (this.#picture !== null) {
			carry(this.#picture, this.#element, { x, y });
			this.#drag.onmove(elementUnder(event));
		} else if (Math.hypot(x - this.#down.x, y - this.#down.y) > STILL_PX) this.end(null);
	}

	release({ pointerId }: PointerEvent, over: Element | null): void {
		if (this.#down?.id === pointerId) this.end(over);
	}

	putBack(): void {
		if (this.#picture !== null) this.end(null);
	}

	end(over: Element | null): void {
		clearTimeout(this.#timer);
		const wasCarried = this.#picture !== null;
		this.#picture?.remove();
		this.#picture = null;
		this.#down = null;
		this.#element.draggable = true;
		this.#element.removeAttribute('data-lifted');
		if (wasCarried) this.#drag.ondrop(over);
	}

	holdPage(event: TouchEvent): void {
		if (this.#picture !== null) event.preventDefault();
	}

	keepMenuAway(event: MouseEvent): void {
		if (this.#wasLifted || this.#down !== null) event.preventDefault();
	}

	/** The finger that carried must not also press the button on which it began. */
	keepClickAway(event: MouseEvent): void {
		if (!this.#wasLifted) return;
		this.#wasLifted = false;
		// No finger follows every carrying with a click: this one is of a key, or of a reader of the screen.
		if (event.detail === 0) return;
		event.preventDefault();
		event.stopPropagation();
	}

	#lift(): void {
		if (this.#down === null) return;
		this.#wasLifted = true;
		this.#picture = pictureOf(this.#element);
		this.#element.setAttribute('data-lifted', '');
		carry(this.#picture, this.#element, this.#down);
		this.#drag.onlift();
	}
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
