/** Rules in words. */
import { locale } from '../../words/language.ts';
import { inRow } from '../shared/people.ts';
import type { Action, Condition, PlacedLabel, Rule } from '../../app/view-organise.ts';

export function conditionWords(): Readonly<Record<Condition['kind'], string>> {
	return {
		from: 'From',
		to: 'To',
		subject: 'Subject',
		body: 'Text',
		attachment: 'Has an attachment',
		label: 'Has the label'
	};
}

export function actionWords(): Readonly<Record<Action['kind'], string>> {
	return {
		label: 'Label',
		archive: 'Archive',
		star: 'Star',
		read: 'Mark as read',
		mute: 'Mute',
		trash: 'Move to the trash'
	};
}

/** "From “Mira”, subject “roof”: label House, archive" */
export function ruleSentence(
	{ conditions, actions }: Pick<Rule, 'conditions' | 'actions'>,
	labels: readonly PlacedLabel[]
): string {
	const name = (id: string) => labels.find((label) => label.id === id)?.name ?? 'a removed label';
	const when = inRow(conditions.map((condition) => conditionIn(condition, name)));
	const then = inRow(actions.map((action) => actionIn(action, name)));
	return `${when.charAt(0).toLocaleUpperCase(locale)}${when.slice(1)}: ${then}`;
}

function conditionIn(condition: Condition, name: (id: string) => string): string {
	switch (condition.kind) {
		case 'from':
			return `from “${condition.text}”`;
		case 'to':
			return `to “${condition.text}”`;
		case 'subject':
			return `subject “${condition.text}”`;
		case 'body':
			return `text “${condition.text}”`;
		case 'attachment':
			return 'has an attachment';
		case 'label':
			return `has the label ${name(condition.label)}`;
	}
}

function actionIn(action: Action, name: (id: string) => string): string {
	switch (action.kind) {
		case 'label':
			return `label ${name(action.label)}`;
		case 'archive':
			return /* @wc-include */ 'archive';
		case 'star':
			return /* @wc-include */ 'star';
		case 'read':
			return 'mark as read';
		case 'mute':
			return /* @wc-include */ 'mute';
		case 'trash':
			return 'move to the trash';
	}
}
