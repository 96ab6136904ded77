import type { Draft } from '../../app/view.ts';
import type { TemplateFields } from '../../app/view-templates.ts';
import { withoutSignatureIn, withoutSignature } from '../compose/signature.ts';
import { textToHtml } from '../compose/plainHtml.ts';
import { plainText } from '../compose/plainText.ts';
import { sanitiseForEditor } from '../message/sanitise.ts';

/** What is written in it, without the signature, which stands in each message already. */
export function toTemplate(
	draft: Pick<Draft, 'subject' | 'html' | 'text' | 'isPlain' | 'signature'>
): Omit<TemplateFields, 'name'> {
	const { signature } = draft;
	const subject = draft.subject.trim();
	if (draft.isPlain) {
		const text = withoutSignature(draft.text, signature).trimEnd();
		return { subject, text, html: textToHtml(text) };
	}
	const content = document.createElement('div');
	content.append(sanitiseForEditor(draft.html));
	withoutSignatureIn(content, signature);
	return { subject, text: plainText(content), html: content.innerHTML };
}
