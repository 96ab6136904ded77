/**
 * What the first screen does not need: all that is done with mail, and the cryptography under it. It is
 * loaded when that screen is painted, and whoever needs it sooner waits for it.
 */

import type * as parts from './story-parts.ts';

type Story = typeof parts;

let here: Story | null = null;
let loading: Promise<Story> | null = null;

export function story(): Promise<Story> {
	loading ??= import('./story-parts.ts').then(
		(loaded) => (here = loaded),
		(error: unknown) => {
			loading = null; // the network went between page and story: the next one asks again
			throw error;
		}
	);
	return loading;
}

/** For what a template reads, which cannot wait; `null`: ask for it, and look again. */
export function storyNow(): Story | null {
	return here;
}
