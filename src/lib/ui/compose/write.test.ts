import { expect, test, vi } from 'vitest';
import type { App } from '../../app/view.ts';
import type { Router } from '../shared/router.svelte.ts';
import { write } from './write.ts';

test('a press twice begins one draft, a later one another', async () => {
	const { promise, resolve } = Promise.withResolvers<string>();
	const create = vi.fn(() => promise);
	const app = { drafts: { create } } as unknown as App;
	const go = vi.fn();
	const router = { go } as unknown as Router;
	const both = [write(app, router), write(app, router)];
	resolve('one');
	await Promise.all(both);
	expect(create).toHaveBeenCalledOnce();
	expect(go).toHaveBeenCalledExactlyOnceWith({ at: 'compose', id: 'one' });
	await write(app, router);
	expect(create).toHaveBeenCalledTimes(2);
});
