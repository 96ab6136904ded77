// expect: defms/import-table
export const load = async () => import('../store/opened.ts');
