/** Where a brought message belongs, and what its reader had done with it, as other programs say it. */

import { decodeWords } from 'postal-mime';
import type { Place } from '../post/records.ts';
import type { ReadMail } from './mime-read.ts';

export interface Marks {
	readonly place: Place;
	/** Nested ones with slashes; those that say the place or a state are not among them. */
	readonly labels: readonly string[];
	readonly isUnread: boolean;
	readonly isStarred: boolean;
	/** Its reader wrote it. */
	readonly isMine: boolean;
	/** Google's id of the conversation (X-GM-THRID); null: none. */
	readonly conversation: string | null;
}

type Meaning = Place | 'sent' | 'unread' | 'read' | 'starred' | 'nothing';

/**
 * What folders and labels are called that have a meaning of their own; in the languages of the app, as
 * Gmail, Outlook, Apple Mail, Thunderbird and Dovecot write them.
 */
const NAMES: readonly (readonly [Meaning, readonly string[]])[] = [
	[
		'inbox',
		[
			'inbox',
			'posteingang',
			'boîte de réception',
			'bandeja de entrada',
			'recibidos',
			'收件箱',
			'البريد الوارد'
		]
	],
	[
		'sent',
		[
			'sent',
			'sent mail',
			'sent items',
			'sent messages',
			'gesendet',
			'gesendete elemente',
			'messages envoyés',
			'enviados',
			'已发送',
			'已发邮件',
			'المرسلة'
		]
	],
	['sent', ['drafts', 'draft', 'entwürfe', 'brouillons', 'borradores', '草稿', 'المسودات']],
	[
		'trash',
		[
			'trash',
			'deleted',
			'deleted items',
			'deleted messages',
			'bin',
			'papierkorb',
			'corbeille',
			'papelera',
			'已删除邮件',
			'المهملات'
		]
	],
	[
		'trash',
		[
			'spam',
			'junk',
			'junk e-mail',
			'junk email',
			'bulk mail',
			'垃圾邮件',
			'الرسائل غير المرغوب فيها'
		]
	],
	['unread', ['unread', 'ungelesen', 'non lus', 'no leídos', '未读', 'غير مقروءة']],
	['read', ['opened', 'geöffnet', 'ouvert', 'abiertos', '已打开', 'تم فتحها']],
	['starred', ['starred', 'markiert', 'suivis', 'destacados', '已加星标', 'مميّزة بنجمة']],
	[
		'archive',
		[
			'archive',
			'archiv',
			'archived',
			'archiviert',
			'all mail',
			'all mail including spam and trash',
			'alle nachrichten'
		]
	],
	[
		'nothing',
		['important', 'wichtig', 'importants', 'importante', 'chat', 'mail', 'category personal']
	]
];

const MEANINGS = new Map(NAMES.flatMap(([meaning, names]) => names.map((name) => [name, meaning])));

/** Labels of one message, and characters of one: more say nothing to anybody. */
const LABELS = 32;
const LABEL_CHARACTERS = 100;

/** @param path of its file inside what was chosen, with slashes */
export function marksOf(fields: ReadMail['fields'], path: string, isInMbox: boolean): Marks {
	const gmail = fields.get('x-gmail-labels');
	const names = gmail === undefined ? folderOf(path) : labelsIn(gmail);
	const meanings = new Set(names.map((name) => MEANINGS.get(name.toLowerCase()) ?? null));
	const flags = flagsOf(fields, path, isInMbox);
	return {
		place: placeOf(meanings, flags),
		labels: names.filter((name) => !MEANINGS.has(name.toLowerCase())).slice(0, LABELS),
		isUnread: gmail === undefined ? flags.isUnread : meanings.has('unread'),
		isStarred: meanings.has('starred') || flags.isStarred,
		isMine: meanings.has('sent'),
		conversation: /^\d{1,20}$/.exec(fields.get('x-gm-thrid')?.trim() ?? '')?.[0] ?? null
	};
}

function placeOf(meanings: ReadonlySet<Meaning | null>, flags: Flags): Place {
	if (meanings.has('trash') || flags.isDeleted) return 'trash';
	return meanings.has('inbox') ? 'inbox' : 'archive';
}

function labelsIn(value: string): string[] {
	const labels = decodeWords(value.replace(/\r?\n\s+/g, ' '))
		.match(/"[^"]*"|[^,]+/g)
		?.map((label) => label.trim().replace(/^"|"$/g, ''));
	return (labels ?? []).map(clean).filter((label) => label !== '' && !/^category /i.test(label));
}

/** `Mail/Work.mbox`, `Maildir/.Work.Projects/cur/1:2,S`, `Takeout/Mail/Work-Projects.mbox`. */
function folderOf(path: string): string[] {
	const parts = path.split('/').filter(Boolean);
	const file = parts.at(-1) ?? '';
	const isMaildir = /^(cur|new|tmp)$/.test(parts.at(-2) ?? '');
	const isMbox = /\.(mbox|mbx)$/i.test(file) || !file.includes('.');
	// A package of Apple Mail is a folder `Work.mbox` with a file `mbox` in it.
	const named = isMaildir
		? parts.at(-3)
		: /^mbox$/i.test(file)
			? parts.at(-2)
			: isMbox
				? file
				: undefined;
	const name = (named ?? '').replace(/\.(mbox|mbx)$/i, '');
	if (isMaildir && !name.startsWith('.')) return [name === '' ? 'Inbox' : maildirRoot(name, parts)];
	const label = isMaildir ? name.slice(1).replaceAll('.', '/') : name;
	return label === '' ? [] : [clean(label)];
}

/** The folder that holds `cur` and `new` itself is the inbox, whatever the Maildir is called. */
function maildirRoot(name: string, parts: readonly string[]): string {
	return parts.length <= 3 ? 'Inbox' : clean(name);
}

function clean(label: string): string {
	return label
		.replace(/[\p{C}\s]+/gu, ' ')
		.trim()
		.slice(0, LABEL_CHARACTERS);
}

interface Flags {
	readonly isUnread: boolean;
	readonly isStarred: boolean;
	readonly isDeleted: boolean;
}

/**
 * Maildir's info, Mozilla's bits, an mbox's Status and X-Status. Without any of them it counts as read. The
 * last two stand among the fields that its sender wrote, and may be theirs: they count where no other word
 * does, never in a file of its own, and put nothing into the trash.
 */
function flagsOf(fields: ReadMail['fields'], path: string, isInMbox: boolean): Flags {
	// Archives write something else for the colon, which Windows does not take.
	const maildir = /\/(?:cur|new)\/[^/]*?(?:[:;!_\-\uf022]2,([A-Za-z]*))?$/.exec(`/${path}`);
	if (maildir !== null) {
		const info = maildir[1] ?? '';
		return {
			isUnread: !info.includes('S'),
			isStarred: info.includes('F'),
			isDeleted: info.includes('T')
		};
	}
	const mozilla = fields.get('x-mozilla-status');
	if (mozilla !== undefined) {
		const bits = parseInt(mozilla, 16) || 0;
		return {
			isUnread: (bits & 1) === 0,
			isStarred: (bits & 4) !== 0,
			isDeleted: (bits & 8) !== 0
		};
	}
	const isSaid = isInMbox && !fields.has('x-gmail-labels');
	const status = isSaid ? fields.get('status') : undefined;
	return {
		isUnread: status !== undefined && !status.includes('R'),
		isStarred: isSaid && (fields.get('x-status') ?? '').includes('F'),
		isDeleted: false
	};
}
