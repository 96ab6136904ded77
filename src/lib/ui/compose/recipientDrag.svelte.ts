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

/** The field of a message over which a finger carries somebody. */
let over = $state.raw<{ readonly draftId: string; readonly field: Field } | null>(null);

export function hover(draftId: string, field: Field | null): void {
	over = field === null ? null : { draftId, field };
}

export function isHovered(draftId: string, field: Field): boolean {
	return over?.draftId === draftId && over.field === field;
}

/** Which field of this message an element belongs to; null: none. */
export function fieldUnder(element: Element | null, draftId: string): Field | null {
	const row = element?.closest<HTMLElement>('[data-field]');
	if (row?.dataset['draft'] !== draftId) return null;
	return FIELDS.find((field) => field === row.dataset['field']) ?? null;
}

const FIELDS: readonly Field[] = ['to', 'cc', 'bcc'];
