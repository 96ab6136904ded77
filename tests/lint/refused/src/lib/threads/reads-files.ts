// expect: defms/import-table
import { readFileSync } from 'fs';

export const read = readFileSync;
