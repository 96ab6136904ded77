import { expect, test } from 'vitest';
import { toNotice } from './toNotice.ts';

test.each([
	[{ from: 'Mira', subject: 'Roof', unread: 1 }, 'Mira', 'Roof'],
	[{ from: 'Mira', subject: 'Roof', unread: 3 }, 'Mira', 'Roof\n3 unread in this conversation'],
	[{ from: 'Mira', subject: '', unread: 1 }, 'Mira', ''],
	[{ from: '', subject: 'Roof', unread: 1 }, 'New mail', 'Roof'],
	[{ from: '', subject: '', unread: 1 }, 'New mail', '']
])('%j', (news, title, body) => {
	expect(toNotice(news)).toMatchObject({ title, body });
});
