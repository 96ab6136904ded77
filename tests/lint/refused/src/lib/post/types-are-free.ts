// expect: nothing
import type { OPENED } from '../store/opened.ts';
import { LEAF } from '../wire/leaf.ts';

export type Opened = typeof OPENED;
export const leaf = LEAF;
