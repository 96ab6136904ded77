// expect: @typescript-eslint/switch-exhaustiveness-check
export const weigh = (tier: 'trusted' | 'blocked'): number => {
	switch (tier) {
		case 'trusted':
			return 1;
	}
	return 0;
};
