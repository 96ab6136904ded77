// expect: defms/import-table
import { REACHED } from '../crypto/reached.ts';

export const reached = REACHED;
