import type { App } from '../../app/view.ts';
import { write } from '../compose/write.ts';
import type { Router } from '../shared/router.svelte.ts';

/** A short word about one thing of the app, and the way to it. */
export interface Note {
	/** As it is kept among those that were read. */
	readonly name: string;
	readonly title: string;
	readonly sentence: string;
	/** Selects the thing itself; whichever can be seen is meant. */
	readonly target: string;
	/** To where it can be seen, if it cannot be yet. */
	readonly go: () => Promise<void> | void;
}

/** In their order, those that say something here and now. */
export function notesFor(app: App, router: Router): readonly Note[] {
	const sent = app.mail.rows('sent')?.find(({ kind }) => kind === 'thread');
	const toSettings = () => router.go({ at: 'settings' });
	const begin: Note = {
		name: 'write',
		title: 'Everything begins with Write',
		sentence:
			'Only those whom a message is for can open it: not even the relay that keeps it for them.',
		target: '[data-write]',
		go: () => router.go({ at: 'list', place: 'inbox' })
	};
	const requests: Note = {
		name: 'requests',
		title: 'Strangers knock first',
		sentence:
			'Whoever is not among your people waits under Requests. Nothing of theirs is fetched before you say yes.',
		target: 'nav a[href="#/requests"]',
		go: () => router.go({ at: 'requests' })
	};
	const record: Note = {
		name: 'record',
		title: 'Off the record, unless you say otherwise',
		sentence:
			'What you write proves nothing to anybody else. A switch below the text signs a message for those who are to have proof.',
		target: '[role=switch].record',
		go: () => write(app, router)
	};
	const install: Note = {
		name: 'install',
		title: 'Give it a place of its own',
		sentence:
			'Installed, it opens without a network from its own icon, and the browser keeps your mail more surely.',
		target: '[data-tour=install]',
		go: toSettings
	};
	return [
		begin,
		requests,
		...(sent ? [delivery(router, sent.id)] : []),
		record,
		...(app.me.areWordsConfirmed ? [] : [words(toSettings)]),
		...(app.installing.way === 'installed' ? [] : [install])
	];
}

function delivery(router: Router, threadId: string): Note {
	return {
		name: 'delivery',
		title: 'You see who has it',
		sentence: 'Under each message of yours stands who has it, and who keeps it until they do.',
		target: '[data-testid=recipient-status]',
		go: () => router.go({ at: 'thread', id: threadId })
	};
}

function words(go: () => void): Note {
	return {
		name: 'words',
		title: 'Twenty-four words on paper',
		sentence:
			'They alone bring your address back if this device is lost, and nobody else has them.',
		target: '[data-tour=words]',
		go
	};
}
