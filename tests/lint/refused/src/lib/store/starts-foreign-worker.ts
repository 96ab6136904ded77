// expect: defms/import-table
export const url = new URL('../net/dial.ts', import.meta.url);
