import { MediaQuery } from 'svelte/reactivity';

/** One pane at a time. The same number stands in the style sheets. */
export const isPhone = new MediaQuery('(max-width: 699.98px)');

/** Something points without touching: what shows itself below a pointer can be reached. */
export const canHover = new MediaQuery('(hover: hover)');
