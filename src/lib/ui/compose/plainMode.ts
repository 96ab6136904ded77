/** From text with formats to plain text and back, for one message. */

import type { Draft } from '../../app/view.ts';
import { sanitiseForEditor } from '../message/sanitise.ts';
import { allToHtml } from './plainHtml.ts';
import { plainText } from './plainText.ts';

type Written = Pick<Draft, 'html' | 'text' | 'isPlain' | 'edit'>;

/**
 * Only its words go out from now on. What it looked like stays with the draft until something is typed.
 * True: there is something that plain text cannot say.
 */
export function toPlain(draft: Written): boolean {
	if (draft.isPlain) return false;
	const content = sanitiseForEditor(draft.html);
	const text = draft.html === '' ? draft.text : plainText(content, { keepsLinks: true });
	const losesFormats = content.querySelector(FORMATS) !== null;
	draft.edit({ isPlain: true, text });
	return losesFormats;
}

/** As it looked, unless it was changed since; else as its lines look. */
export function toRich(draft: Written): void {
	if (!draft.isPlain) return;
	const html = draft.html === '' ? allToHtml(draft.text) : draft.html;
	draft.edit({ isPlain: false, html, text: plainText(sanitiseForEditor(html)) });
}

/** Lists and quotations have signs of their own in plain text, and links stand there with their address. */
const FORMATS = 'b, strong, i, em, u, s, sub, sup';
