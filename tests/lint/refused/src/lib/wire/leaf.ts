// expect: nothing
export const LEAF = 1;
