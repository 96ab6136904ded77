import { muting, snoozing, type FilingChange } from '../mailbox/filing.ts';
import type { Filing } from './view-organise.ts';

/** What the screen asks for, as the mailbox does it. */
export function toFilingChange(filing: Filing): FilingChange {
	switch (filing.kind) {
		case 'star':
			return { isStarred: filing.isOn };
		case 'pin':
			return { isPinned: filing.isOn };
		case 'mute':
			return muting(filing.isOn);
		case 'snooze':
			return filing.until === null ? { snoozedUntil: null } : snoozing(filing.until);
		case 'label':
			return { addLabels: filing.add, removeLabels: filing.remove };
	}
}
