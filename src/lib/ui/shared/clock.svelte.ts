import { createSubscriber } from 'svelte/reactivity';

const MINUTE_MS = 60_000;

/** The present minute, for "10:42" and "Yesterday"; ticks only while something on screen reads it. */
const subscribe = createSubscriber((update) => {
	let timer = window.setTimeout(tick, untilNextMinute());
	function tick() {
		update();
		timer = window.setTimeout(tick, untilNextMinute());
	}
	return () => {
		window.clearTimeout(timer);
	};
});

export function now(): number {
	subscribe();
	return Date.now();
}

function untilNextMinute(): number {
	return MINUTE_MS - (Date.now() % MINUTE_MS);
}

const SECOND_MS = 1_000;

const subscribeSeconds = createSubscriber((update) => {
	const timer = window.setInterval(update, SECOND_MS);
	return () => {
		window.clearInterval(timer);
	};
});

/** The present second, for what is over in a moment; ticks only while something on screen reads it. */
export function nowBySecond(): number {
	subscribeSeconds();
	return Date.now();
}
