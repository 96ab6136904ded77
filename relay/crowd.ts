/** How many of one network are here at the same time. */

export interface Crowd {
	/** `false`: too many are here already. Who entered leaves once. */
	enter(network: string): boolean;
	leave(network: string): void;
}

export function createCrowd(atOnce: number): Crowd {
	const here = new Map<string, number>();
	return {
		enter(network) {
			const count = here.get(network) ?? 0;
			if (count >= atOnce) return false;
			here.set(network, count + 1);
			return true;
		},
		leave(network) {
			const left = (here.get(network) ?? 1) - 1;
			if (left === 0) here.delete(network);
			else here.set(network, left);
		}
	};
}
