// expect: @typescript-eslint/consistent-type-assertions
export const parse = (bytes: unknown): string => bytes as string;
