/** What floats at the foot of the window, and is to cover neither what is written nor what it is written with. */

import type { Attachment } from 'svelte/attachments';

class Foot {
	#held = $state(0);
	#toast = $state(0);

	/** Height in px of what is being sent. */
	get held(): number {
		return this.#held;
	}

	/** Height in px of the line that says what has just happened. */
	get toast(): number {
		return this.#toast;
	}

	/** Of all of it, with the space around it; 0: nothing floats there. */
	get room(): number {
		return [this.#held, this.#toast].reduce((sum, px) => (px === 0 ? sum : sum + px + GAP_PX), 0);
	}

	readonly measureHeld = measure((px) => (this.#held = px));
	readonly measureToast = measure((px) => (this.#toast = px));
}

const GAP_PX = 12;

function measure(tell: (px: number) => void): Attachment<HTMLElement> {
	return (element) => {
		const observer = new ResizeObserver(() => tell(element.offsetHeight));
		observer.observe(element);
		return () => {
			observer.disconnect();
			tell(0);
		};
	};
}

export const foot = new Foot();
