/** Until when what is written in a thread is kept, as the screens have it. */

import type { End } from '../app/view.ts';
import type { EndRule } from '../wire/body.ts';

/** Where both are set, the first to come counts for most of what is written. */
export function toEnd(rule: EndRule | undefined): End | null {
	if (rule?.after !== undefined) return { after: rule.after };
	return rule?.at === undefined ? null : { at: rule.at };
}
