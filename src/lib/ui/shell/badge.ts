/** The number at the installed app's icon; browsers without one do nothing. 0 takes it away. */
export function showBadge(count: number): void {
	if (!('setAppBadge' in navigator)) return;
	navigator.setAppBadge(count).catch(() => undefined); // not installed, or not allowed
}
