// expect: defms/import-table
import { OPENED } from '#lib/store/opened.ts';

export const verdict = OPENED;
