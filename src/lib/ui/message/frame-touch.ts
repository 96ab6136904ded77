/**
 * Fingers on received HTML, told to what is around its frame: events do not leave a document, and a swipe
 * that begins on a letter is one on its conversation. Where a browser runs no listener in a sandboxed frame
 * (WebKit), the swipe works beside the text and from the edge of the screen, which is the browser's own.
 */

const TYPES = ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'] as const;

export function passTouches(page: Document, frame: HTMLIFrameElement): void {
	for (const type of TYPES) {
		page.addEventListener(type, (event) => {
			const { pointerId, pointerType, isPrimary, screenX, screenY } = event;
			if (pointerType !== 'touch' || isWide(page)) return;
			// Places on the screen: the frame moves along with the finger, and its own places with it.
			const place = { clientX: screenX, clientY: screenY };
			frame.dispatchEvent(
				new PointerEvent(type, { bubbles: true, pointerId, pointerType, isPrimary, ...place })
			);
		});
	}
}

/** What is wider than its frame scrolls under the finger. */
export function isWide({ documentElement: root }: Document): boolean {
	return root.scrollWidth > root.clientWidth;
}
