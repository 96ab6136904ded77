/** What a command acts on: the chosen rows, else the row in focus, else the open conversation. */
import type { Row } from '../../app/view.ts';
import type { Marks } from '../../app/view-organise.ts';
import type { Scene } from './command.ts';

export function threadTargets({ stage, router, ids }: Scene): readonly string[] {
	if (ids !== undefined) return ids;
	const { list } = stage;
	const chosen = list?.rows.filter(({ id }) => list.selection.has(id)) ?? [];
	if (chosen.length > 0) return chosen.filter(isThread).map(({ id }) => id);
	const focused = focusedRows(stage);
	if (focused.length > 0) return focused.filter(isThread).map(({ id }) => id);
	return router.route.at === 'thread' ? [router.route.id] : [];
}

/** Which conversation an answer is for; null: none. Several may be chosen, and one is answered. */
export function answerTarget({ stage, router }: Scene): string | null {
	const [focused] = focusedRows(stage);
	if (focused !== undefined) return isThread(focused) ? focused.id : null;
	return router.route.at === 'thread' ? router.route.id : null;
}

export function draftTargets({ stage, ids, draftIds = [] }: Scene): readonly string[] {
	if (ids !== undefined) return draftIds;
	const { list } = stage;
	const chosen = list?.rows.filter(({ id }) => list.selection.has(id)) ?? [];
	const some = chosen.length > 0 ? chosen : focusedRows(stage);
	return some.filter((row) => !isThread(row)).map(({ id }) => id);
}

/** True for all of them: then the command takes the mark away. */
export function areAll(scene: Scene, is: (marks: Marks) => boolean): boolean {
	const ids = threadTargets(scene);
	return ids.length > 0 && ids.every((id) => is(marksOf(scene, id)));
}

function marksOf({ stage }: Scene, id: string): Marks {
	const row = stage.list?.rows.find((one) => one.id === id);
	return row?.marks ?? (stage.thread?.id === id ? stage.thread.marks : UNKNOWN);
}

const UNKNOWN: Marks = { isStarred: false, isPinned: false, isMuted: false, snoozedUntil: null };

function focusedRows({ list }: Scene['stage']): readonly Row[] {
	const id = list?.focusedId() ?? null;
	return list?.rows.filter((row) => row.id === id) ?? [];
}

function isThread({ kind }: Row): boolean {
	return kind === 'thread';
}

/**
 * Runs a verb that takes rows off the list: an open conversation among them closes, and the row that
 * follows has the focus.
 */
export async function leaving(
	scene: Scene,
	ids: readonly string[],
	verb: () => Promise<boolean>
): Promise<void> {
	const { stage, router } = scene;
	const next = rowAfter(stage.list?.rows ?? [], ids);
	const { list } = stage;
	if (!(await verb())) return;
	list?.selection.drop(ids);
	if (router.route.at === 'thread' && ids.includes(router.route.id)) router.close();
	if (next !== null) list?.focus(next);
}

/** The next that stays, else the one before. */
export function rowAfter(rows: readonly Row[], ids: readonly string[]): string | null {
	const last = rows.findLastIndex(({ id }) => ids.includes(id));
	const stays = ({ id }: Row) => !ids.includes(id);
	return (
		(rows.slice(last + 1).find(stays) ?? rows.slice(0, Math.max(0, last)).findLast(stays))?.id ??
		null
	);
}
