// expect: defms/import-table
import { openDB } from 'idb';

export const open = openDB;
