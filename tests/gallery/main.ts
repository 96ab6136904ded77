/** The screens on the fixture; `?scene=` chooses the state (see `scenes.ts`). Not in the bundle. */
import { mount } from 'svelte';
import { panes } from '../../src/lib/ui/shell/panes.ts';
import { loadFirstWords } from '../../src/lib/words/first.loader.svelte.ts';
import { markLanguage } from '../../src/lib/words/language.ts';
import { areWordsHere } from '../../src/lib/words/then.loader.svelte.ts';
import Gallery from './Gallery.svelte';
import Hostile from './Hostile.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

markLanguage(document.documentElement);
// As it is some moments after its first paint: nothing is looked at, or pressed, too early.
await Promise.all([
	loadFirstWords(),
	areWordsHere,
	...Object.values(panes).map((pane) => pane.prefetch())
]);

const scene = new URLSearchParams(location.search).get('scene') ?? 'usual';
if (scene === 'hostile') mount(Hostile, { target });
else mount(Gallery, { target, props: { scene } });
