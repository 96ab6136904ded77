/** Range reconciliation as a session takes it: threads/reconcile, or a double in a test. */

import type { createCompare } from '../threads/reconcile.ts';

export type { Compared } from '../threads/reconcile.ts';
export type Compare = ReturnType<typeof createCompare>;
