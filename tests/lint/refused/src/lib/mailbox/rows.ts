// expect: nothing
export const rows = 1;
