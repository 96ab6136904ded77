/** Is this key Escape, for the composer alone? What lies over it, or has used the key, goes first. */
export function isEscape(event: KeyboardEvent): boolean {
	if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return false;
	return document.querySelector('dialog[open], [popover]:popover-open') === null;
}
