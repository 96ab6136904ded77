// expect: nothing
export const REACHED = true;
