import { TEMPLATE_BYTES, TEMPLATES_MAX } from '../../app/bounds.ts';
import type { TemplateOutcome } from '../../app/view-templates.ts';
import { plural } from '../../words/plural.ts';
import { formatSize } from '../shared/when.ts';

/** Why a template was not saved. */
export function templateProblem(outcome: Extract<TemplateOutcome, { ok: false }>): string {
	switch (outcome.problem) {
		case 'no-name':
			return 'Give it a name by which you will find it.';
		case 'name-taken':
			return 'Another template has this name.';
		case 'too-long':
			return `That is too long for a template: text and formats may have ${formatSize(TEMPLATE_BYTES)}.`;
		case 'too-many':
			return plural(TEMPLATES_MAX, [
				'There may be # template. Delete one to save another.',
				'There may be # templates. Delete one to save another.'
			]);
	}
}
