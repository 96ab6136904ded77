/** The browser's word for a file that cannot be read any more: an import goes on there when it can. */
export function isGone(error: unknown): boolean {
	return error instanceof DOMException;
}
