export { getRuntime, getRuntime as getRuntimeRx } from './then.loader.svelte.ts';
