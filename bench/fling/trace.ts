/** What the main thread of a page did, as Chromium's own trace says. */
import type { Page } from 'playwright-core';

export interface MainThread {
	/** Of each task of the renderer's main thread. */
	readonly tasksMs: readonly number[];
	/** The same without the time in which the thread was kept waiting for a processor. */
	readonly tasksCpuMs: readonly number[];
	/** Of all tasks from one frame to the next, of frames that had any. */
	readonly framesMs: readonly number[];
}

interface TraceEvent {
	readonly name: string;
	readonly ph: string;
	readonly pid: number;
	readonly tid: number;
	/** µs. */
	readonly ts: number;
	readonly dur?: number;
	/** Of the processor alone: what others took of it meanwhile is not in it. */
	readonly tdur?: number;
}

const CATEGORIES = ['toplevel', 'cc'];
const FRAME = 'ProxyMain::BeginMainFrame';

export async function traceMainThread(page: Page, work: () => Promise<void>): Promise<MainThread> {
	const session = await page.context().newCDPSession(page);
	const events: TraceEvent[] = [];
	session.on('Tracing.dataCollected', ({ value }) => {
		events.push(...(value as unknown as TraceEvent[]));
	});
	await session.send('Tracing.start', {
		traceConfig: { includedCategories: CATEGORIES },
		transferMode: 'ReportEvents'
	});
	await work();
	const ended = new Promise<void>((resolve) =>
		session.once('Tracing.tracingComplete', () => resolve())
	);
	await session.send('Tracing.end');
	await ended;
	await session.detach();
	return read(events);
}

/** The page's main thread is the one that began most frames. */
function read(events: readonly TraceEvent[]): MainThread {
	const begun = events.filter(({ name }) => name === FRAME);
	const counts = new Map<string, number>();
	for (const event of begun) counts.set(threadOf(event), (counts.get(threadOf(event)) ?? 0) + 1);
	const [main] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
	if (main === undefined) throw new Error('the trace holds no frame');
	const own = events.filter((event) => threadOf(event) === main);
	const tasks = own
		.filter(({ name, dur }) => /^(ThreadControllerImpl::)?RunTask$/.test(name) && dur !== undefined)
		.map(({ ts, dur = 0, tdur = dur }) => ({ ts, ms: dur / 1000, cpuMs: tdur / 1000 }))
		.sort((a, b) => a.ts - b.ts);
	if (tasks.length === 0) throw new Error('the trace holds no task');
	const starts = own
		.filter(({ name }) => name === FRAME)
		.map(({ ts }) => ts)
		.sort((a, b) => a - b);
	const frames = new Map<number, number>();
	let frame = 0;
	for (const { ts, ms } of tasks) {
		while (frame < starts.length - 1 && (starts[frame + 1] ?? Infinity) <= ts + ms * 1000) frame++;
		frames.set(frame, (frames.get(frame) ?? 0) + ms);
	}
	return {
		tasksMs: tasks.map(({ ms }) => ms),
		tasksCpuMs: tasks.map(({ cpuMs }) => cpuMs),
		framesMs: [...frames.values()]
	};
}

function threadOf({ pid, tid }: TraceEvent): string {
	return `${String(pid)}/${String(tid)}`;
}
