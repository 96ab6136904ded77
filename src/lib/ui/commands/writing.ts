/** Commands of what is written: answers, and what is put into a message. */
import FilePlus from '@lucide/svelte/icons/file-plus';
import FileText from '@lucide/svelte/icons/file-text';
import Forward from '@lucide/svelte/icons/forward';
import Pen from '@lucide/svelte/icons/pen-line';
import Reply from '@lucide/svelte/icons/reply';
import ReplyAll from '@lucide/svelte/icons/reply-all';
import { write } from '../compose/write.ts';
import type { Command, Scene } from './command.ts';
import type { ThreadOnStage } from './stage.svelte.ts';
import { answerTarget } from './targets.ts';

const hasThread = (scene: Scene) => answerTarget(scene) !== null;
const hasComposer = ({ stage }: Scene) => stage.composer !== null;

export const writing = (): readonly Command[] => [
	{
		...{ id: 'write', section: 'Write', words: 'Write', keys: ['c'], icon: Pen },
		also: 'compose new message',
		run: ({ app, router }) => write(app, router)
	},
	{
		...{ id: 'reply', section: 'Write', words: 'Reply', keys: ['r'], icon: Reply },
		isFor: hasThread,
		run: (scene) => withThread(scene, (thread) => thread.answer('reply'))
	},
	{
		...{ id: 'reply-all', section: 'Write', words: 'Reply to all', keys: ['a'], icon: ReplyAll },
		isFor: hasThread,
		run: (scene) => withThread(scene, (thread) => thread.answer('replyAll'))
	},
	{
		...{ id: 'forward', section: 'Write', words: 'Forward', keys: ['f'], icon: Forward },
		isFor: hasThread,
		run: (scene) => withThread(scene, (thread) => thread.forward())
	},
	{
		...{ id: 'template', section: 'Write', words: 'Insert a template…', keys: [], icon: FileText },
		also: 'canned answer snippet',
		isFor: hasComposer,
		run: ({ stage }) => stage.composer?.chooseTemplate()
	},
	{
		...{ id: 'save-template', section: 'Write', words: 'Save as a template…', keys: [] },
		icon: FilePlus,
		isFor: hasComposer,
		run: ({ stage }) => stage.composer?.saveTemplate()
	}
];

/** A row in focus beside another conversation is opened for it first. */
function withThread(scene: Scene, work: (thread: ThreadOnStage) => void): void {
	const { stage, router } = scene;
	const id = answerTarget(scene);
	if (id === null) return;
	stage.whenOpen(id, work);
	if (router.route.at !== 'thread' || router.route.id !== id) router.go({ at: 'thread', id });
}
