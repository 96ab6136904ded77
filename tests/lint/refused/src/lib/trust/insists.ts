// expect: @typescript-eslint/no-non-null-assertion
export const first = (names: readonly string[]): string => names[0]!;
