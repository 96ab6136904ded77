/**
 * What was searched for, marked in the opened messages: by the CSS Custom Highlight API, which changes no
 * node, so that nothing of a message is rewritten. Where a browser lacks it, nothing is marked.
 */

import type { Search } from '../../app/view-search.ts';

/** As base.css and the frame's style name it. */
const NAME = 'search-hit';
/** Longer texts are not walked through to their ends. */
const TEXT_NODES = 5_000;

type Realm = Window & typeof globalThis;

/** An attachment: marks the hits below an element, frames included, and follows what changes there. */
export function highlight(search: Pick<Search, 'hitsIn'>): (element: HTMLElement) => () => void {
	return (element) => {
		search.hitsIn(' '); // reading it here runs the attachment again when what is asked for changes
		let frame = 0;
		const mark = () => {
			frame = 0;
			for (const [realm, roots] of rootsOf(element)) markIn(realm, roots, search);
		};
		const later = () => {
			frame ||= requestAnimationFrame(mark);
		};
		const observer = new MutationObserver(later);
		observer.observe(element, { childList: true, subtree: true, characterData: true });
		// A frame's document comes after the frame; its load event does not bubble.
		element.addEventListener('load', later, { capture: true });
		later();
		return () => {
			cancelAnimationFrame(frame);
			observer.disconnect();
			element.removeEventListener('load', later, { capture: true });
			for (const [realm] of rootsOf(element)) if (canMark(realm)) realm.CSS.highlights.delete(NAME);
		};
	};
}

/** The element itself, and the bodies of the frames in it: each document marks its own. */
function rootsOf(element: HTMLElement): [Realm, Node][] {
	const roots: [Realm, Node][] = [[window, element]];
	for (const { contentWindow, contentDocument } of element.querySelectorAll('iframe')) {
		// A frame that is still loading has no body yet, whatever the types say.
		const body = contentDocument?.querySelector('body');
		if (contentWindow && body && isRealm(contentWindow)) {
			roots.push([contentWindow, body]);
		}
	}
	return roots;
}

function isRealm(view: Window): view is Realm {
	return 'CSS' in view && 'Range' in view;
}

/** Newer than the browsers that TypeScript thinks of. */
function canMark(realm: Realm): boolean {
	return 'Highlight' in realm && 'highlights' in realm.CSS;
}

function markIn(realm: Realm, root: Node, search: Pick<Search, 'hitsIn'>): void {
	if (!canMark(realm)) return;
	const ranges: Range[] = [];
	const walker = realm.document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
	for (let seen = 0; seen < TEXT_NODES && walker.nextNode() !== null; seen++) {
		const node = walker.currentNode;
		if (isTyped(node)) continue;
		for (const { start, end } of search.hitsIn(node.nodeValue ?? '')) {
			const range = realm.document.createRange();
			range.setStart(node, start);
			range.setEnd(node, end);
			ranges.push(range);
		}
	}
	if (ranges.length === 0) realm.CSS.highlights.delete(NAME);
	else realm.CSS.highlights.set(NAME, new realm.Highlight(...ranges));
}

/** What is being written is no message yet. */
function isTyped(node: Node): boolean {
	return node.parentElement?.closest('[contenteditable], textarea') != null;
}
