/** Pictures that a message brings along and shows inside its HTML. */
import type { Attachment, Body, Mail, Message } from '../../app/view.ts';
import type { FindPart } from './frame-pictures.ts';
import { isShowable } from '../attachments/save.ts';

/** What one picture may cost the page before anybody asked for it. */
const MAX_INLINE_BYTES = 10 * 1024 * 1024;

export function findPartOf(mail: Pick<Mail, 'openAttachment'>, message: Message): FindPart {
	return async (name, options) => {
		const index = message.attachments.findIndex(
			(file) => file.inline === name && isInlinePicture(file)
		);
		if (index < 0) return null;
		const outcome = await mail.openAttachment(message.id, index, options);
		return outcome.ok ? outcome.blob : null;
	};
}

/** Then it need not be listed below the text, too. */
export function isShownInline(body: Body, file: Attachment): boolean {
	if (body.at !== 'here' || body.html === null || file.inline === undefined) return false;
	const isNamed =
		body.html.includes(`cid:${file.inline}`) ||
		body.html.includes(`cid:${encodeURIComponent(file.inline)}`);
	return isNamed && isInlinePicture(file);
}

function isInlinePicture({ type, sizeBytes }: Attachment): boolean {
	return isShowable(type) && sizeBytes <= MAX_INLINE_BYTES;
}
