import { prefersReducedMotion } from 'svelte/motion';

/** Duration of the movements that say where something went; none for those who asked for none. */
export function quickMs(): number {
	return prefersReducedMotion.current ? 0 : 150;
}
