// expect: @typescript-eslint/no-explicit-any
export const parse = (bytes: any): unknown => bytes;
