import type { Attachment } from 'svelte/attachments';
import { on } from 'svelte/events';

export interface Swipes {
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
		const finger = new Finger(element, swipes);
		const offs = [
			on(element, 'pointerdown', (event) => finger.start(event)),
			on(element, 'pointermove', (event) => finger.move(event)),
			on(element, 'pointerup', () => finger.end()),
			on(element, 'pointercancel', () => finger.stop()),
			on(element, 'click', (event) => finger.swallowClick(event), { capture: true })
		];
		return () => {
			for (const off of offs) off();
		};
	};
}

class Finger {
	readonly #element: HTMLElement;
	readonly #swipes: () => Swipes;
	#from: { readonly x: number; readonly y: number; readonly id: number } | null = null;
	#dx = 0;
	#isSideways = false;

	constructor(element: HTMLElement, swipes: () => Swipes) {
		this.#element = element;
		this.#swipes = swipes;
	}

	start(event: PointerEvent): void {
		if (event.pointerType !== 'touch' || !event.isPrimary) return;
		this.#from = { x: event.clientX, y: event.clientY, id: event.pointerId };
		this.#isSideways = false;
	}

	move(event: PointerEvent): void {
		const from = this.#from;
		if (event.pointerId !== from?.id) return;
		this.#dx = event.clientX - from.x;
		if (!this.#isSideways) {
			if (Math.abs(this.#dx) < SIDEWAYS_PX) return;
			if (Math.abs(this.#dx) < 2 * Math.abs(event.clientY - from.y)) {
				this.stop();
				return;
			}
			this.#isSideways = true;
			// One that a frame has told of is captured there.
			if (event.isTrusted) this.#element.setPointerCapture(from.id);
		}
		// Where nothing waits on that side it gives way a little, as a locked drawer does.
		const shown = this.#choose() ? this.#dx : this.#dx / 8;
		this.#element.style.setProperty('--swipe', `${String(Math.round(shown))}px`);
	}

	end(): void {
		const run = this.#isSideways && Math.abs(this.#dx) >= DONE_PX ? this.#choose() : null;
		this.stop();
		run?.();
	}

	stop(): void {
		this.#from = null;
		this.#dx = 0;
		this.#element.style.removeProperty('--swipe');
	}

	/** The finger that swiped must not also follow the link below it. */
	swallowClick(event: MouseEvent): void {
		if (!this.#isSideways) return;
		this.#isSideways = false;
		event.preventDefault();
		event.stopPropagation();
	}

	#choose(): (() => void) | null {
		const isToEnd =
			getComputedStyle(this.#element).direction === 'rtl' ? this.#dx < 0 : this.#dx > 0;
		return isToEnd ? this.#swipes().toEnd : this.#swipes().toStart;
	}
}
