// expect: defms/import-table
export { OPENED } from '../store/opened.ts';
