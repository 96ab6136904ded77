/**
 * Rules for what arrives: conditions that all must hold, and what is then done to the thread. They are
 * asked in their order, about each message of somebody else, in the transaction that stores it.
 */

import * as v from 'valibot';
import type { Desk, Sort } from '../post/ports.ts';
import type { MessageRecord, ThreadRecord } from '../post/records.ts';
import { rootKeyToAddress, type ThreadId } from '../wire/ids.ts';
import type { Party } from '../wire/mail.ts';
import { changed, fileThreads, withFiling, type FilingChange, type Undo } from './filing.ts';
import { filingOf } from './filed.ts';
import { createOwnList, readOwn } from './own-list.ts';
import { setRead } from './places.ts';
import { fold } from '../search/fold.ts';

const TEXT_CHARACTERS = 200;
const RULES_MAX = 200;
/** Of one rule, and as many actions. */
const PARTS_MAX = 50;

const words = v.pipe(
	v.string(),
	v.maxLength(TEXT_CHARACTERS),
	v.check((text) => fold(text).trim() !== '', 'what is nothing to look for stands in every message')
);

/** `text` is looked for anywhere, without case and accents, in names and addresses alike. */
const conditionSchema = v.variant('kind', [
	v.object({ kind: v.picklist(['from', 'to', 'subject', 'body'] as const), text: words }),
	v.object({ kind: v.literal('attachment') }),
	v.object({ kind: v.literal('label'), label: v.string() })
]);

const actionSchema = v.variant('kind', [
	v.object({ kind: v.literal('label'), label: v.string() }),
	v.object({ kind: v.picklist(['archive', 'star', 'read', 'mute', 'trash'] as const) })
]);

const ruleSchema = v.object({
	id: v.string(),
	isOn: v.boolean(),
	conditions: v.pipe(v.array(conditionSchema), v.minLength(1), v.maxLength(PARTS_MAX)),
	actions: v.pipe(v.array(actionSchema), v.minLength(1), v.maxLength(PARTS_MAX)),
	/** Where it applies, no later one is asked. */
	isLast: v.boolean()
});

export type Rule = v.InferOutput<typeof ruleSchema>;
export type Condition = Rule['conditions'][number];
export type Action = Rule['actions'][number];

export const RULES = createOwnList('rules', ruleSchema, RULES_MAX);

export function isRule(rule: unknown): rule is Rule {
	return v.is(ruleSchema, rule);
}

/**
 * For the desk: reads the rules once for each delivery. A rule keeps no mail away: what cannot be read, or
 * stumbles, is told to `onTrouble`, and the mail arrives as if there were no rules.
 */
export function createSorter(
	{ store }: Pick<Desk, 'store'>,
	onTrouble: (error: unknown) => void
): NonNullable<Desk['sorter']> {
	return async (look) => {
		const rules = await readOwn(store, RULES, look).catch((error: unknown) => {
			onTrouble(error);
			return [];
		});
		return (row, added, before) => {
			try {
				return sortIn(rules, row, added, before);
			} catch (error) {
				onTrouble(error);
				return { row, changed: [] };
			}
		};
	};
}

/**
 * What all rules together make of these messages and of their thread. A thread is put away for what is
 * new in it, and only where all that nobody has read in it is to be away: else a rule about one member
 * would hide what the others write. The trash takes a thread that begins there, or is there: of another
 * it would take what the reader kept, so what arrives in that counts as read, and the thread stays put.
 */
export function sortIn(
	rules: readonly Rule[],
	row: ThreadRecord,
	added: readonly MessageRecord[],
	before: ThreadRecord | null
): ReturnType<Sort> {
	let thread = row;
	let wanted = before?.place === 'inbox' ? before.unread : 0;
	const changedRows: MessageRecord[] = [];
	for (const message of added) {
		if (message.isMine || message.refused !== undefined) continue;
		const actions = actionsFor(rules, thread, message);
		const { kept, ...change } = sparing(toChange(actions), before);
		const { place, ...marks } = change;
		thread = withFiling(thread, changed(filingOf(thread), message.isUnread ? change : marks));
		if (!message.isUnread) continue;
		const isRead = kept || actions.some(({ kind }) => kind === 'read');
		if (place === undefined && !isRead) wanted++;
		if (!isRead) continue;
		changedRows.push({ ...message, isUnread: false });
		thread = { ...thread, unread: Math.max(0, thread.unread - 1) };
	}
	return { row: wanted > 0 ? { ...thread, place: row.place } : thread, changed: changedRows };
}

/** `kept`: the thread is not the message's alone, and the trash is not for it. */
function sparing(
	change: FilingChange,
	before: ThreadRecord | null
): FilingChange & { readonly kept: boolean } {
	const isOld = before !== null && before.count > 0 && before.place !== 'trash';
	if (change.place !== 'trash' || !isOld) return { ...change, kept: false };
	return { ...change, place: before.place, kept: true };
}

function actionsFor(
	rules: readonly Rule[],
	thread: ThreadRecord,
	message: MessageRecord
): Action[] {
	const actions: Action[] = [];
	const says = reader(message);
	// A label that an earlier rule gives counts for the later ones.
	let sorted = thread;
	for (const rule of rules) {
		if (!rule.isOn || !areAll(rule, sorted, message, says)) continue;
		actions.push(...rule.actions);
		sorted = withFiling(sorted, changed(filingOf(sorted), toChange(rule.actions)));
		if (rule.isLast) break;
	}
	return actions;
}

export function isAbout(
	{ conditions }: Pick<Rule, 'conditions'>,
	thread: Pick<ThreadRecord, 'labels'>,
	message: Pick<MessageRecord, 'from' | 'mail'>
): boolean {
	return areAll({ conditions }, thread, message, reader(message));
}

function areAll(
	{ conditions }: Pick<Rule, 'conditions'>,
	{ labels = [] }: Pick<ThreadRecord, 'labels'>,
	{ mail }: Pick<MessageRecord, 'mail'>,
	says: Says
): boolean {
	return conditions.every((condition) => {
		switch (condition.kind) {
			case 'attachment':
				return mail.attachments.length > 0;
			case 'label':
				return labels.includes(condition.label);
			case 'from':
			case 'to':
			case 'subject':
			case 'body':
				return says(condition);
		}
	});
}

type InText = Extract<Condition, { readonly text: string }>;
type Says = (condition: InText) => boolean;

/** Each part is folded once, however many rules ask for it: this runs while mail is being stored. */
function reader({ from, mail }: Pick<MessageRecord, 'from' | 'mail'>): Says {
	const parts: Record<InText['kind'], () => readonly string[]> = {
		from: () => [mail.from.name, from],
		to: () => [...mail.to, ...mail.cc].flatMap(namesOf),
		subject: () => [mail.subject],
		body: () => [mail.text]
	};
	const folded = new Map<InText['kind'], readonly string[]>();
	return ({ kind, text }) => {
		const texts = folded.get(kind) ?? parts[kind]().map(fold);
		folded.set(kind, texts);
		const wanted = fold(text);
		return texts.some((one) => one.includes(wanted));
	};
}

function namesOf({ root, name }: Party): readonly string[] {
	return [name, rootKeyToAddress(root)];
}

/** The last word on the place counts. Reading is for the messages, and not in it. */
function toChange(actions: readonly Action[]): FilingChange {
	const change: { -readonly [K in keyof FilingChange]: FilingChange[K] } = {};
	const labels = actions.flatMap((action) => (action.kind === 'label' ? [action.label] : []));
	if (labels.length > 0) change.addLabels = labels;
	for (const { kind } of actions) {
		if (kind === 'star') change.isStarred = true;
		if (kind === 'mute') change.isMuted = true;
		if (kind === 'archive' || kind === 'mute') change.place ??= 'archive';
		if (kind === 'trash') change.place = 'trash';
	}
	return change;
}

/** Threads outside the trash with a message that the rule is about, newest first. */
export async function findMatches(
	desk: Desk,
	rule: Pick<Rule, 'conditions'>,
	{ signal }: { readonly signal?: AbortSignal } = {}
): Promise<ThreadRecord[]> {
	const threads = await desk.store.list('thread');
	const found: ThreadRecord[] = [];
	for (const thread of threads.sort((a, b) => b.latest.date - a.latest.date)) {
		signal?.throwIfAborted();
		if (thread.count === 0 || thread.sideOf !== undefined || thread.place === 'trash') continue;
		const messages = await desk.store.list('message', [thread.id]);
		const theirs = messages.filter(({ isMine, refused }) => !isMine && refused === undefined);
		if (theirs.some((message) => isAbout(rule, thread, message))) found.push(thread);
		await desk.breathe?.();
	}
	return found;
}

/** To threads that stand here already, as if they came now. */
export async function applyRule(
	desk: Desk,
	{ actions }: Pick<Rule, 'actions'>,
	ids: readonly ThreadId[]
): Promise<Undo> {
	const undoFiling = await fileThreads(desk, ids, toChange(actions));
	if (!actions.some(({ kind }) => kind === 'read')) return undoFiling;
	const undoReading = await setRead(desk, ids, true);
	return async () => {
		await undoReading();
		await undoFiling();
	};
}
