/**
 * The outcome of work that has done what must last and still asks the network; after `ms` the given
 * one instead, and the work goes on by itself.
 */
export async function orSoon<T>(work: Promise<T>, ms: number, otherwise: T): Promise<T> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<T>((resolve) => {
		timer = setTimeout(() => resolve(otherwise), ms);
	});
	let isLate = false;
	work.catch((error: unknown) => {
		if (isLate) reportError(error);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		isLate = true;
		clearTimeout(timer);
	}
}
