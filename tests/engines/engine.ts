/** One browser of any engine, as far as the tests of all three need it. */

export interface EngineOptions {
	/** A proxy on 127.0.0.1 for everything, this machine included. */
	readonly proxyPort?: number;
}

export interface OpenEngine extends AsyncDisposable {
	/** Name and version. */
	readonly title: string;
	goto(url: string): Promise<void>;
	/**
	 * Runs a function in the page and gives what it resolves with, as plain data.
	 * @throws what it throws, or when the page does not answer within `limitMs`
	 */
	run(code: string, args: readonly unknown[], limitMs: number): Promise<unknown>;
}

export interface Engine {
	readonly name: 'chromium' | 'firefox' | 'webkit';
	/** How to get it; null: it is here. */
	missing(): Promise<string | null>;
	open(options: EngineOptions): Promise<OpenEngine>;
}

/** @throws after `limitMs` */
export async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			reject(new Error(`${what}: no answer within ${String(limitMs)} ms`));
		}, limitMs);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
