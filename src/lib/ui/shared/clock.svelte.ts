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
