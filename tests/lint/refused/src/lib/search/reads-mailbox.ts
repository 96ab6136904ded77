// expect: defms/import-table
import { rows } from '../mailbox/rows.ts';

export const found = rows;
