// expect: defms/import-table
import { REACHED } from '../src/lib/crypto/reached.ts';

export const open = REACHED;
