/** The inside of a `ThreadState`. */

import type { ThreadSecrets } from './secrets.ts';

export interface Replica {
	readonly secrets: ThreadSecrets;
}
