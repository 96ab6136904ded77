const ASKED = 3;

/** Three different positions below `count`, in order. `draw(n)` gives a whole number below n. */
export function pickPositions(count: number, draw: (below: number) => number): number[] {
	const left = Array.from({ length: count }, (_, at) => at);
	const picked: number[] = [];
	while (picked.length < ASKED && left.length) picked.push(...left.splice(draw(left.length), 1));
	return picked.sort((a, b) => a - b);
}
