// expect: defms/import-table
import { leaf } from '../post/types-are-free.ts';

export const more = leaf;
