/** Shows a thing where it stands: outlined and with the focus, until the next press of anything. */

/** What is not there by then is not going to be. */
const PATIENCE_MS = 5_000;

const MARK = 'data-pointed';

export async function pointAt(selector: string, go: () => Promise<void> | void): Promise<void> {
	let element = findVisible(selector);
	if (element === null) {
		await go();
		element = await untilVisible(selector);
	}
	if (element !== null) mark(element);
}

function mark(element: HTMLElement): void {
	const isForeign = !element.matches('a, button, input, [tabindex]');
	if (isForeign) element.tabIndex = -1;
	element.setAttribute(MARK, '');
	element.scrollIntoView({ block: 'nearest' });
	element.focus({ preventScroll: true });
	const leaving = new AbortController();
	const { signal } = leaving;
	const stop = () => {
		leaving.abort();
		element.removeAttribute(MARK);
		if (isForeign) element.removeAttribute('tabindex');
	};
	for (const type of ['pointerdown', 'keydown'] as const) {
		addEventListener(type, stop, { capture: true, signal });
	}
	// Without a press it was a field that appeared and took it, as composers' do.
	element.addEventListener('blur', () => element.focus({ preventScroll: true }), {
		...{ once: true, signal }
	});
}

function untilVisible(selector: string): Promise<HTMLElement | null> {
	return new Promise((resolve) => {
		const end = (element: HTMLElement | null) => {
			observer.disconnect();
			clearTimeout(timer);
			resolve(element);
		};
		const look = () => {
			const element = findVisible(selector);
			if (element !== null) end(element);
		};
		const observer = new MutationObserver(look);
		observer.observe(document.body, { childList: true, subtree: true, attributes: true });
		const timer = setTimeout(() => end(null), PATIENCE_MS);
		look();
	});
}

function findVisible(selector: string): HTMLElement | null {
	const all = [...document.querySelectorAll<HTMLElement>(selector)];
	return all.find((element) => element.checkVisibility()) ?? null;
}
