export { getRuntime, getRuntime as getRuntimeRx } from './first.loader.svelte.ts';
