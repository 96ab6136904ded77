/** Dragging somebody from one field of a message to another; other programs cannot take part. */

import type { Field } from './addresses.ts';

export interface Dragged {
	readonly draftId: string;
	readonly field: Field;
	readonly key: string;
}

/** Says to other drop targets what it is not: text, or a file. */
const TYPE = 'application/x-defms-recipient';

/** The browser hides what is dragged until it is dropped. */
let dragged: Dragged | null = null;

export function startDrag(event: DragEvent, what: Dragged): void {
	dragged = what;
	event.dataTransfer?.setData(TYPE, '');
	if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
}

export function endDrag(): void {
	dragged = null;
}

/** Who is dragged, of this message; null: nobody. */
export function draggedIn(draftId: string): Dragged | null {
	return dragged?.draftId === draftId ? dragged : null;
}
