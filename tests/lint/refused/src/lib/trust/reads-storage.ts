// expect: defms/import-table
import { OPENED } from '../store/opened.ts';

export const verdict = OPENED;
