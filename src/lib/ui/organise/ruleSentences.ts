/** Rules in words. */
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

/** "From Mira, subject “roof”: label House, archive" */
export function ruleSentence(
	{ conditions, actions }: Pick<Rule, 'conditions' | 'actions'>,
	labels: readonly PlacedLabel[]
): string {
	const name = (id: string) => labels.find((label) => label.id === id)?.name ?? 'a removed label';
	const when = conditions.map((condition) => {
		if ('text' in condition) return `${conditionWords()[condition.kind]} “${condition.text}”`;
		const words = conditionWords()[condition.kind];
		return condition.kind === 'label' ? `${words} ${name(condition.label)}` : words;
	});
	const then = actions.map((action) =>
		action.kind === 'label'
			? `label ${name(action.label)}`
			: actionWords()[action.kind].toLowerCase()
	);
	return `${inSentence(when)}: ${then.join(', ')}`;
}

function inSentence(parts: readonly string[]): string {
	return parts
		.map((part, at) => (at === 0 ? part : `${part[0]?.toLowerCase() ?? ''}${part.slice(1)}`))
		.join(', ');
}
