/** Every command of the app. Letters are those that people know from their mail so far. */
import Archive from '@lucide/svelte/icons/archive';
import AtSign from '@lucide/svelte/icons/users';
import ArrowDown from '@lucide/svelte/icons/arrow-down';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import Bell from '@lucide/svelte/icons/bell-off';
import CheckSquare from '@lucide/svelte/icons/square-check';
import Clock from '@lucide/svelte/icons/clock';
import CornerDownLeft from '@lucide/svelte/icons/corner-down-left';
import Download from '@lucide/svelte/icons/download';
import File from '@lucide/svelte/icons/file';
import Inbox from '@lucide/svelte/icons/inbox';
import Keyboard from '@lucide/svelte/icons/keyboard';
import Mail from '@lucide/svelte/icons/mail';
import MailOpen from '@lucide/svelte/icons/mail-open';
import Pin from '@lucide/svelte/icons/pin';
import SearchIcon from '@lucide/svelte/icons/search';
import Send from '@lucide/svelte/icons/send';
import Settings from '@lucide/svelte/icons/settings';
import Star from '@lucide/svelte/icons/star';
import Tag from '@lucide/svelte/icons/tag';
import Trash from '@lucide/svelte/icons/trash-2';
import Undo from '@lucide/svelte/icons/undo-2';
import UserPlus from '@lucide/svelte/icons/user-plus';
import X from '@lucide/svelte/icons/x';
import { takeBack } from '../compose/reopen.ts';
import { plural } from '../../words/plural.ts';
import { fileThreads, markRead, moveThreads, type Said } from '../mail/verbs.ts';
import type { Route } from '../shared/route.ts';
import { attempt, toasts } from '../shared/toasts.svelte.ts';
import type { Command, Scene } from './command.ts';
import { areAll, draftTargets, leaving, threadTargets } from './targets.ts';
import { writing } from './writing.ts';

const hasThreads = (scene: Scene) => threadTargets(scene).length > 0;
const hasList = ({ stage }: Scene) => (stage.list?.rows.length ?? 0) > 0;

const moving = (): readonly Command[] => [
	{
		...{ id: 'archive', section: 'Conversation', words: 'Archive', keys: ['e'], icon: Archive },
		isFor: (scene) => hasThreads(scene) && scene.stage.list?.place !== 'archive',
		run: (scene) => move(scene, 'archive')
	},
	{
		...{ id: 'inbox', section: 'Conversation', words: 'Move to the inbox', keys: [], icon: Inbox },
		isFor: (scene) => hasThreads(scene) && scene.stage.list?.place !== 'inbox',
		run: (scene) => move(scene, 'inbox')
	},
	{
		...{ id: 'trash', section: 'Conversation', words: 'Move to the trash', icon: Trash },
		...{ keys: ['#', 'Delete'], also: 'delete remove' },
		isFor: (scene) => hasThreads(scene) && scene.stage.list?.place !== 'trash',
		run: (scene) => move(scene, 'trash')
	}
];

const marking = (): readonly Command[] => [
	{
		...{ id: 'star', section: 'Conversation', words: 'Star', keys: ['s'], icon: Star },
		saying: (scene) => (isStarred(scene) ? 'Take the star away' : 'Star'),
		isFor: hasThreads,
		run: (scene) =>
			isStarred(scene)
				? file(scene, { kind: 'star', isOn: false }, (count) =>
						plural(count, [
							'Conversation not starred any more',
							'# conversations not starred any more'
						])
					)
				: file(scene, { kind: 'star', isOn: true }, (count) =>
						plural(count, ['Conversation starred', '# conversations starred'])
					)
	},
	{
		...{ id: 'label', section: 'Conversation', words: 'Label…', keys: ['l'], icon: Tag },
		also: 'tag folder',
		isFor: hasThreads,
		run: (scene) => scene.stage.open({ kind: 'label', ids: threadTargets(scene) })
	},
	{
		...{ id: 'snooze', section: 'Conversation', words: 'Snooze…', keys: ['b'], icon: Clock },
		also: 'later remind',
		isFor: hasThreads,
		run: (scene) => scene.stage.open({ kind: 'snooze', ids: threadTargets(scene) })
	},
	{
		...{ id: 'pin', section: 'Conversation', words: 'Pin to the top', keys: [], icon: Pin },
		saying: (scene) => (isPinned(scene) ? 'Unpin' : 'Pin to the top'),
		isFor: hasThreads,
		run: (scene) =>
			isPinned(scene)
				? file(scene, { kind: 'pin', isOn: false }, (count) =>
						plural(count, ['Conversation unpinned', '# conversations unpinned'])
					)
				: file(scene, { kind: 'pin', isOn: true }, (count) =>
						plural(count, [
							'Conversation pinned to the top of the inbox',
							'# conversations pinned to the top of the inbox'
						])
					)
	}
];

const reading = (): readonly Command[] => [
	{
		...{ id: 'mute', section: 'Conversation', words: 'Mute', keys: ['m'], icon: Bell },
		saying: (scene) => (isMuted(scene) ? 'Unmute' : 'Mute'),
		isFor: hasThreads,
		run: (scene) => (isMuted(scene) ? unmute(scene) : mute(scene))
	},
	{
		...{ id: 'read', section: 'Conversation', words: 'Mark as read', keys: ['I'], icon: MailOpen },
		isFor: hasThreads,
		run: async (scene) => {
			const ids = threadTargets(scene);
			await markRead(scene.app.mail, ids, true);
			scene.stage.list?.selection.drop(ids);
		}
	},
	{
		...{ id: 'unread', section: 'Conversation', words: 'Mark as unread', keys: ['U'], icon: Mail },
		isFor: hasThreads,
		run: (scene) => {
			const ids = threadTargets(scene);
			// An open conversation would be read again at once.
			const { route } = scene.router;
			if (route.at === 'thread' && ids.includes(route.id)) scene.router.close();
			return markRead(scene.app.mail, ids, false).then(() => {
				scene.stage.list?.selection.drop(ids);
			});
		}
	},
	{
		...{ id: 'save', section: 'Conversation', words: 'Save as .mbox…', keys: [], icon: Download },
		also: 'export take file download',
		isFor: hasThreads,
		run: save
	},
	{
		...{ id: 'discard', section: 'Conversation', words: 'Discard draft', keys: ['#'], icon: Trash },
		isFor: (scene) => draftTargets(scene).length > 0,
		run: discard
	}
];

const stepping = (): readonly Command[] => [
	{
		...{ id: 'next', section: 'List', words: 'Next conversation', keys: ['j'], icon: ArrowDown },
		isFor: hasList,
		run: (scene) => step(scene, 1)
	},
	{
		...{ id: 'previous', section: 'List', words: 'Previous conversation', icon: ArrowUp },
		keys: ['k'],
		isFor: hasList,
		run: (scene) => step(scene, -1)
	},
	{
		...{ id: 'open', section: 'List', words: 'Open', keys: ['o'], icon: CornerDownLeft },
		isFor: ({ stage }) => (stage.list?.focusedId() ?? null) !== null,
		run: openFocused
	},
	{
		...{
			id: 'back',
			section: 'List',
			words: 'Back to the list',
			keys: ['u'],
			icon: CornerDownLeft
		},
		isFor: ({ router }) => router.route.at === 'thread',
		run: ({ router }) => router.close()
	}
];

const choosing = (): readonly Command[] => [
	{
		...{ id: 'choose', section: 'List', words: 'Choose', keys: ['x'], icon: CheckSquare },
		also: /* @wc-include */ 'select',
		isFor: ({ stage }) => (stage.list?.focusedId() ?? null) !== null,
		run: ({ stage }) => {
			const id = stage.list?.focusedId() ?? null;
			if (id !== null) stage.list?.selection.toggle(id);
		}
	},
	{
		...{ id: 'choose-all', section: 'List', words: 'Choose all', keys: ['* a'], icon: CheckSquare },
		also: /* @wc-include */ 'select',
		isFor: hasList,
		run: ({ stage: { list } }) => list?.selection.choose(list.rows.map(({ id }) => id))
	},
	{
		...{ id: 'choose-none', section: 'List', words: 'Choose none', icon: X },
		keys: ['* n', 'Escape'],
		isFor: ({ stage }) => stage.list?.selection.isEmpty === false,
		run: ({ stage }) => stage.list?.selection.clear()
	},
	{
		...{ id: 'search', section: 'List', words: 'Search mail', keys: ['/'], icon: SearchIcon },
		also: /* @wc-include */ 'find',
		isFor: ({ stage }) => stage.list !== null,
		run: ({ stage }) => stage.list?.search()
	}
];

const going = (): readonly Command[] => [
	go('i', 'Inbox', { at: 'list', place: 'inbox' }, Inbox),
	go('s', 'Starred', { at: 'list', place: 'starred' }, Star),
	go('b', 'Snoozed', { at: 'list', place: 'snoozed' }, Clock),
	go('t', 'Sent', { at: 'list', place: 'sent' }, Send),
	go('d', 'Drafts', { at: 'list', place: 'drafts' }, File),
	go('a', /* @wc-context: place */ 'Archive', { at: 'list', place: 'archive' }, Archive),
	go('#', 'Trash', { at: 'list', place: 'trash' }, Trash),
	go('r', 'Requests', { at: 'requests' }, UserPlus),
	go('c', 'People', { at: 'people', address: null }, AtSign),
	go(',', 'Settings', { at: 'settings' }, Settings)
];

const anywhere = (): readonly Command[] => [
	{
		...{ id: 'undo', section: 'Anywhere', words: 'Undo', keys: ['z'], icon: Undo },
		isFor: (scene) => toasts.canUndo || newestHeld(scene) !== undefined,
		saying: (scene) => (newestHeld(scene) ? 'Undo send' : 'Undo'),
		run: async (scene) => {
			const held = newestHeld(scene);
			if (held) await takeBack(scene.app, scene.router, held);
			else toasts.undo();
		}
	},
	{
		...{ id: 'palette', section: 'Anywhere', words: 'Find anything', icon: SearchIcon },
		keys: ['Mod+K'],
		run: ({ stage }) => stage.open({ kind: 'palette' })
	},
	{
		...{ id: 'keys', section: 'Anywhere', words: 'Show all keys', keys: ['?'], icon: Keyboard },
		also: 'keyboard shortcuts help',
		run: ({ stage }) => stage.open({ kind: 'keys' })
	}
];

/** Made when they are asked for: by then the words of the language are there. */
export function allCommands(): readonly Command[] {
	return [
		...moving(),
		...marking(),
		...reading(),
		...writing(),
		...stepping(),
		...choosing(),
		...going(),
		...anywhere()
	];
}

function go(key: string, name: string, route: Route, icon: Command['icon']): Command {
	return {
		...{
			id: `go-${route.at === 'list' ? route.place : route.at}`,
			section: 'Go to',
			words: name,
			keys: [/* @wc-ignore */ `g ${key}`],
			icon
		},
		also: 'go to',
		run: ({ router }) => router.go(route)
	};
}

const isStarred = (scene: Scene) => areAll(scene, (marks) => marks.isStarred);
const isPinned = (scene: Scene) => areAll(scene, (marks) => marks.isPinned);
const isMuted = (scene: Scene) => areAll(scene, (marks) => marks.isMuted);

const newestHeld = ({ app }: Scene) => app.drafts.held.findLast(({ state }) => state.at === 'held');

function move(scene: Scene, to: 'inbox' | 'archive' | 'trash'): Promise<void> {
	const ids = threadTargets(scene);
	return leaving(scene, ids, () => moveThreads(scene.app.mail, ids, to));
}

async function file(
	scene: Scene,
	filing: Parameters<typeof fileThreads>[2],
	said: Said
): Promise<void> {
	const ids = threadTargets(scene);
	const done = await fileThreads(scene.app.mail, ids, filing, said);
	if (done) scene.stage.list?.selection.drop(ids);
}

function mute(scene: Scene): Promise<void> {
	const ids = threadTargets(scene);
	const filing = { kind: 'mute', isOn: true } as const;
	return leaving(scene, ids, () =>
		fileThreads(scene.app.mail, ids, filing, (count) =>
			plural(count, ['Conversation muted and archived', '# conversations muted and archived'])
		)
	);
}

function unmute(scene: Scene): Promise<void> {
	return file(scene, { kind: 'mute', isOn: false }, (count) =>
		plural(count, ['Conversation unmuted', '# conversations unmuted'])
	);
}

/** As other programs read it. */
async function save(scene: Scene): Promise<void> {
	const { takeMail } = await import('../mailfiles/take.ts');
	await takeMail(scene.app, threadTargets(scene), 'mbox', {
		...{ signal: new AbortController().signal, onProgress: () => undefined }
	});
}

async function discard(scene: Scene): Promise<void> {
	const ids = draftTargets(scene);
	await leaving(scene, ids, async () => {
		const undo = await attempt(() => scene.app.drafts.discard(ids));
		if (undo !== null)
			toasts.undoable(plural(ids.length, ['# draft discarded', '# drafts discarded']), undo);
		return undo !== null;
	});
}

/** Beside an open conversation it opens the next one, else it moves the focus. */
function step({ stage: { list }, router }: Scene, by: 1 | -1): void {
	if (list === null) return;
	const { route } = router;
	const openId = route.at === 'thread' || route.at === 'compose' ? route.id : null;
	const from = list.focusedId() ?? openId;
	const at = list.rows.findIndex(({ id }) => id === from);
	const row = at < 0 ? list.rows[0] : list.rows[at + by];
	if (row === undefined) return;
	if (route.at === 'thread' && row.kind === 'thread') {
		router.go({ at: 'thread', id: row.id }, true);
	} else list.focus(row.id);
}

function openFocused({ stage: { list }, router }: Scene): void {
	const id = list?.focusedId() ?? null;
	const row = list?.rows.find((one) => one.id === id);
	if (row) router.go({ at: row.kind === 'draft' ? 'compose' : 'thread', id: row.id });
}
