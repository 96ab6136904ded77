// expect: no-restricted-globals
export const where = (): string => location.href;
