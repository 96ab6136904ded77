/** The lists: their names, pictures, and what each says when it holds nothing. */
import type { Component } from 'svelte';
import Archive from '@lucide/svelte/icons/archive';
import FileText from '@lucide/svelte/icons/file';
import Inbox from '@lucide/svelte/icons/inbox';
import Send from '@lucide/svelte/icons/send';
import Trash from '@lucide/svelte/icons/trash-2';
import type { Place } from '../../app/view.ts';

export interface PlaceText {
	readonly name: string;
	readonly icon: Component;
	readonly emptyTitle: string;
	readonly emptySentence: string;
}

export const PLACE_TEXTS: Record<Place, PlaceText> = {
	inbox: {
		name: 'Inbox',
		icon: Inbox,
		emptyTitle: 'All read, all done',
		emptySentence: 'New mail lands here by itself.'
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
		name: 'Archive',
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
