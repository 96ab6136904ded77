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
// As it is a moment after its first paint, so that no key is too early.
await Promise.all([loadFirstWords(), areWordsHere, panes.keys.prefetch()]);

const scene = new URLSearchParams(location.search).get('scene') ?? 'usual';
if (scene === 'hostile') mount(Hostile, { target });
else mount(Gallery, { target, props: { scene } });
