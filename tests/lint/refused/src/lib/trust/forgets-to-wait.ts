// expect: @typescript-eslint/no-floating-promises
export const send = (deliver: () => Promise<void>): void => {
	deliver();
};
