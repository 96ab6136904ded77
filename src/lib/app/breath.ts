/** A frame at 60 Hz, with as much for what else the page has to do. */
const TASK_MS = 8;

/** The rest in a task of its own, as soon as this one has taken long: without a timer's least delay. */
export function createBreath(): () => Promise<void> {
	let last = performance.now();
	return async () => {
		if (performance.now() - last < TASK_MS) return;
		await nextTask();
		last = performance.now();
	};
}

/** What follows is a task of its own: input and painting that wait have their turn before it. */
export function nextTask(): Promise<void> {
	return new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			resolve();
		};
		port2.postMessage(null);
	});
}
