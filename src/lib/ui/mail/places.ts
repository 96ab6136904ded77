/** The lists: their names, pictures, and what each says when it holds nothing. */
import type { Component } from 'svelte';
import Archive from '@lucide/svelte/icons/archive';
import FileText from '@lucide/svelte/icons/file';
import Inbox from '@lucide/svelte/icons/inbox';
import Send from '@lucide/svelte/icons/send';
import Trash from '@lucide/svelte/icons/trash-2';
import Clock from '@lucide/svelte/icons/clock';
import SearchIcon from '@lucide/svelte/icons/search';
import Star from '@lucide/svelte/icons/star';
import Tag from '@lucide/svelte/icons/tag';
import type { App, BasicPlace, Place } from '../../app/view.ts';

export interface PlaceText {
	readonly name: string;
	readonly icon: Component;
	readonly emptyTitle: string;
	readonly emptySentence: string;
}

/** A label's list or a kept search's is called as the user called it. */
export function placeTextOf({ labels, folders }: App, place: Place): PlaceText {
	if (isBasic(place)) return placeTexts()[place];
	const [kind, id] = place.split('/');
	if (kind === 'label') {
		const label = labels.all?.find((one) => one.id === id);
		return { ...labelText(), ...(label && { name: label.path }) };
	}
	const folder = folders.all?.find((one) => one.id === id);
	return { ...folderText(), ...(folder && { name: folder.name }) };
}

/** What there is to do where a list holds nothing: begin a message, or go where its rows come from. */
export function nextStepOf(
	place: Place
): 'write' | { readonly name: string; readonly href: string } {
	if (place === 'inbox' || place === 'sent' || place === 'drafts') return 'write';
	if (place.startsWith('folder/')) return { name: 'Change kept searches', href: '#/settings' };
	return { name: 'Go to the inbox', href: '#/inbox' };
}

function isBasic(place: Place): place is BasicPlace {
	return !place.includes('/');
}

function labelText(): PlaceText {
	return {
		name: 'Label',
		icon: Tag,
		emptyTitle: 'Nothing has this label',
		emptySentence: 'Open a conversation, and give it this label from its menu or by the key l.'
	};
}

function folderText(): PlaceText {
	return {
		name: 'Kept search',
		icon: SearchIcon,
		emptyTitle: 'Nothing found now',
		emptySentence: 'What fits this search stands here as soon as it comes.'
	};
}

export function placeTexts(): Record<BasicPlace, PlaceText> {
	return {
		inbox: {
			name: 'Inbox',
			icon: Inbox,
			emptyTitle: 'All read, all done',
			emptySentence: 'New mail lands here by itself.'
		},
		starred: {
			name: 'Starred',
			icon: Star,
			emptyTitle: 'Nothing is starred',
			emptySentence:
				'Give a star to what you want to find again quickly: in its menu, or by the key s.'
		},
		snoozed: {
			name: 'Snoozed',
			icon: Clock,
			emptyTitle: 'Nothing is snoozed',
			emptySentence: 'Snooze a conversation, and it comes back to the inbox at the time you choose.'
		},
		sent: {
			name: 'Sent',
			icon: Send,
			emptyTitle: 'Nothing sent yet',
			emptySentence: 'What you send stands here with the truth about where it is.'
		},
		drafts: {
			name: 'Drafts',
			icon: FileText,
			emptyTitle: 'No drafts',
			emptySentence: 'Whatever you begin to write is kept here within a second.'
		},
		archive: {
			name: /* @wc-context: place */ 'Archive',
			icon: Archive,
			emptyTitle: 'The archive is empty',
			emptySentence: 'Archive what is settled; it stays searchable on this device.'
		},
		trash: {
			name: 'Trash',
			icon: Trash,
			emptyTitle: 'The trash is empty',
			emptySentence: 'What you throw away waits here until you delete it for good.'
		}
	};
}
