/** Reads invitations from a thread's files, and answers them in the thread. */
import type { App, Draft, Message, SendOutcome, Thread } from '../../app/view.ts';
import { isCalendar } from './calendar-file.ts';
import type { Invitation, PartStat } from './invitation.ts';

export interface OpenInvitation {
	/** The file's text, from which the answer is made. */
	readonly text: string;
	readonly invitation: Invitation;
}

export async function openInvitation(
	app: App,
	message: Message,
	index: number,
	options: { readonly signal: AbortSignal }
): Promise<OpenInvitation | null> {
	const outcome = await app.mail.openAttachment(message.id, index, options);
	if (!outcome.ok) return null;
	const { parseInvitation } = await import('./invitation.ts');
	const text = await outcome.blob.text();
	const invitation = parseInvitation(text);
	return invitation && { text, invitation };
}

/** What the reader has answered last in this thread, by the files that went out. */
export async function findAnswer(
	app: App,
	thread: Thread,
	{ uid, sequence }: Invitation,
	options: { readonly signal: AbortSignal }
): Promise<PartStat | null> {
	for (const message of thread.messages.filter(({ from }) => from.isMe).reverse()) {
		for (const [index, file] of message.attachments.entries()) {
			if (!isCalendar(file)) continue;
			const found = (await openInvitation(app, message, index, options))?.invitation;
			const isAnswer = found?.method === 'REPLY' && found.uid === uid;
			if (isAnswer && found.sequence >= sequence) return found.guests[0]?.answer ?? null;
		}
	}
	return null;
}

const FILES: Record<PartStat, string> = {
	ACCEPTED: 'accepted.ics',
	TENTATIVE: 'maybe.ics',
	DECLINED: 'declined.ics'
};

function wordOf(answer: PartStat): string {
	switch (answer) {
		case 'ACCEPTED':
			return 'Accepted';
		case 'TENTATIVE':
			return 'Maybe';
		case 'DECLINED':
			return 'Declined';
	}
}

/** An ordinary mail to all of the thread, with the answer as a file (RFC 5546, 6047). */
export async function sendAnswer(
	app: App,
	threadId: string,
	messageId: string,
	{ text, invitation }: OpenInvitation,
	answer: PartStat
): Promise<SendOutcome | null> {
	const { answerInvitation } = await import('./invitation.ts');
	const { name, address } = app.me;
	const reply = answerInvitation(text, { name, address }, answer, Date.now());
	if (reply === null) return null;
	const id = await app.drafts.create({ kind: 'replyAll', threadId, messageId });
	const found = app.drafts.draft(id);
	if (found.at !== 'here') return null;
	const draft = found.it;
	draft.edit({ text: `${wordOf(answer)}: ${invitation.title}`, html: '' });
	draft.addFiles([new File([reply], FILES[answer], { type: 'text/calendar; method=REPLY' })]);
	await untilAttached(draft);
	const outcome = await draft.send();
	// What could not be sent is no draft of the reader's.
	if (!outcome.ok) await app.drafts.discard([id]);
	return outcome;
}

/** The one file is stored, or cannot be. */
function untilAttached(draft: Draft): Promise<void> {
	return new Promise((resolve) => {
		const stop = $effect.root(() => {
			$effect(() => {
				const [file] = draft.attachments;
				if (file === undefined || file.state.at === 'adding') return;
				queueMicrotask(() => {
					stop();
					resolve();
				});
			});
		});
	});
}
