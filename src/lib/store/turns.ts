/** Lets work with the same name wait for each other, in the order in which it was asked for. */

export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>;

export function createTurns(): InTurn {
	/** Settled or not, never rejected. */
	const latest = new Map<string, Promise<null>>();
	return async (name, work) => {
		const before = latest.get(name);
		const { promise, resolve } = Promise.withResolvers<null>();
		latest.set(name, promise);
		try {
			await before;
			return await work();
		} finally {
			resolve(null);
			if (latest.get(name) === promise) latest.delete(name);
		}
	};
}
