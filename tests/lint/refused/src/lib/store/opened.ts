// expect: nothing
export const OPENED = true;
