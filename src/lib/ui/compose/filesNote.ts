import type { Contact, Draft, Storage } from '../../app/view.ts';

/** What its writer should know of the files of a message before it is sent. */
export interface FilesNote {
	/** `beyond`: the own relay has no room for them; `waits`: they take much of it, for somebody is away. */
	readonly kind: 'beyond' | 'waits';
	readonly sizeBytes: number;
	readonly freeBytes: number;
	/** Names of those who are not connected now. */
	readonly away: readonly string[];
}

/** A quarter of what is free is worth a word. */
const MUCH = 0.25;

/** `null`: there is nothing to say. Files that stand in the conversation already are not sent again. */
export function filesNote(
	{ attachments, to, cc, bcc }: Pick<Draft, 'attachments' | 'to' | 'cc' | 'bcc'>,
	office: Storage['office'],
	contacts: readonly Contact[]
): FilesNote | null {
	const sent = attachments.filter(
		({ state }) => state.at !== 'failed' && !(state.at === 'ready' && state.isReused)
	);
	const once = sent.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	if (office === null || once === 0) return null;
	// A blind recipient gets a copy of the files of their own (protocol §4).
	const sizeBytes = once * (bcc.length + (to.length + cc.length > 0 || bcc.length === 0 ? 1 : 0));
	const freeBytes = Math.max(0, office.quotaBytes - office.usedBytes);
	const named = [...to, ...cc, ...bcc].filter(({ standing }) => standing === 'reachable');
	const away = named
		.filter(({ address }) => {
			const contact = contacts.find((one) => one.address === address);
			return contact === undefined || contact.connection === 'none';
		})
		.map(({ name, text }) => name || text);
	if (sizeBytes > freeBytes) return { kind: 'beyond', sizeBytes, freeBytes, away };
	const isMuch = sizeBytes > freeBytes * MUCH;
	return isMuch && away.length > 0 ? { kind: 'waits', sizeBytes, freeBytes, away } : null;
}
