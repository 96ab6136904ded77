import type { App, Invite } from '../../app/view.ts';
import { attempt, toasts } from '../shared/toasts.svelte.ts';

/** True: the inviter is now (or was already) a contact, and the reader was told. */
export async function addInvite(app: App, invite: Invite): Promise<boolean> {
	const outcome = await attempt(() => app.contacts.add(invite));
	if (outcome === null) return false;
	const name = invite.name || 'This person';
	const sentences = {
		added: `${name} is now one of your people`,
		'already-there': `${name} is already one of your people`,
		myself: 'That is your own invite. Send it to someone else.'
	};
	toasts.say(sentences[outcome]);
	return true;
}
