import { describe, expect, it } from 'vitest';
import type { Exclusive } from '../post/ports.ts';
import { lockName } from '../store/writer.ts';
import { createExclusive } from './exclusive.ts';

/** Locks that all tabs share, first come first served, and how often they were asked for. */
class SharedLocks {
	asked = 0;
	readonly #tails = new Map<string, Promise<unknown>>();

	get locks(): Pick<LockManager, 'request'> {
		const request = async (name: string, options: LockOptions, work: () => Promise<unknown>) => {
			this.asked++;
			const before = this.#tails.get(name) ?? Promise.resolve();
			const mine = before.then(() => {
				options.signal?.throwIfAborted();
				return work();
			});
			this.#tails.set(
				name,
				mine.catch(() => null)
			);
			return mine;
		};
		return { request } as unknown as Pick<LockManager, 'request'>;
	}
}

/** Tasks that run when the test says so. */
function createTasks() {
	const tasks: (() => void)[] = [];
	return {
		later: (work: () => void) => void tasks.push(work),
		run: () => tasks.splice(0).forEach((task) => task()),
		settle: async () => {
			for (let i = 0; i < 50; i++) await Promise.resolve();
		}
	};
}

function open() {
	const shared = new SharedLocks();
	const tasks = createTasks();
	const tab = (): Exclusive => createExclusive(shared.locks, tasks.later);
	return { shared, tasks, tab };
}

describe('exclusive work', () => {
	it('that follows at once has the lock already', async () => {
		const { shared, tab } = open();
		const one = tab();
		expect(await one('a', () => Promise.resolve(1))).toBe(1);
		expect(await one('a', () => Promise.resolve(2))).toBe(2);
		expect(shared.asked).toBe(1);
	});

	it('gives the lock back when nothing follows in the same task', async () => {
		const { shared, tasks, tab } = open();
		const [one, two] = [tab(), tab()];
		const done: string[] = [];
		await one('a', async () => void done.push('one'));
		const waiting = two('a', async () => void done.push('two'));
		await tasks.settle();
		expect(done).toEqual(['one']);
		tasks.run();
		await waiting;
		tasks.run();
		await one('a', async () => void done.push('one again'));
		expect(done).toEqual(['one', 'two', 'one again']);
		expect(shared.asked).toBe(3);
	});

	it('is never done by two, in one tab or in several', async () => {
		const { tasks, tab } = open();
		const tabs = [tab(), tab(), tab()];
		let inside = 0;
		let most = 0;
		let count = 0;
		const work = async () => {
			most = Math.max(most, ++inside);
			const before = count;
			for (let i = 0; i < 3; i++) await Promise.resolve();
			count = before + 1;
			inside--;
			if (count % 7 === 0) throw new RangeError('no');
		};
		const all = Promise.allSettled(Array.from({ length: 300 }, (_, i) => tabs[i % 3]?.('a', work)));
		let isDone = false;
		const ended = all.then(() => (isDone = true));
		while (!isDone) {
			await tasks.settle();
			tasks.run();
		}
		await ended;
		expect(most).toBe(1);
		expect(count).toBe(300);
	});

	it('that never pauses lets others have their turn', async () => {
		const { tasks, tab } = open();
		const [one, two] = [tab(), tab()];
		const done: string[] = [];
		await one('a', async () => void done.push('one'));
		const waiting = two('a', async () => void done.push('two'));
		for (let i = 0; i < 63; i++) await one('a', async () => void done.push('one'));
		const late = one('a', async () => void done.push('late'));
		await tasks.settle();
		tasks.run();
		await waiting;
		tasks.run();
		await late;
		expect(done.slice(-2)).toEqual(['two', 'late']);
	});

	it('tells its own failure, and goes on', async () => {
		const { tab } = open();
		const one = tab();
		const failing = one('a', () => Promise.reject(new RangeError('no')));
		await expect(failing).rejects.toThrow(RangeError);
		expect(await one('a', () => Promise.resolve('on'))).toBe('on');
	});

	it('begins no more when it is aborted, with the lock or without', async () => {
		const { tasks, tab } = open();
		const one = tab();
		const signal = AbortSignal.abort(new RangeError('gone'));
		let isBegun = false;
		const work = async () => void (isBegun = true);
		await one('a', () => Promise.resolve());
		await expect(one('a', work, { signal })).rejects.toThrow('gone');
		tasks.run();
		await expect(one('a', work, { signal })).rejects.toThrow('gone');
		expect(isBegun).toBe(false);
	});

	it('stops waiting for work of its own tab when it is aborted', async () => {
		const { shared, tab } = open();
		const one = tab();
		const { promise, resolve } = Promise.withResolvers<null>();
		const slow = one('a', () => promise);
		void one('a', () => Promise.resolve(null));
		expect(shared.asked).toBe(2);
		resolve(null);
		await slow;
	});

	it('of one name does not wait for another name', async () => {
		const { tab } = open();
		const one = tab();
		const { promise, resolve } = Promise.withResolvers<string>();
		const slow = one('a', () => promise);
		expect(await one('b', () => Promise.resolve('fast'))).toBe('fast');
		resolve('slow');
		expect(await slow).toBe('slow');
	});

	it('asks for locks by names of ours', () => {
		expect(lockName('thread/x')).toBe('defms/thread/x');
	});
});
