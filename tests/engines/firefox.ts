/** Firefox over WebDriver BiDi, which it speaks without a driver. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { within, type Engine, type EngineOptions, type OpenEngine } from './engine.ts';

const PLACES = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox'];
const START_MS = 60_000;

const Session = v.object({
	capabilities: v.object({ browserName: v.string(), browserVersion: v.string() })
});
const Tree = v.object({ contexts: v.array(v.object({ context: v.string() })) });
const Evaluated = v.variant('type', [
	v.object({
		type: v.literal('success'),
		result: v.looseObject({ value: v.optional(v.string()) })
	}),
	v.object({ type: v.literal('exception'), exceptionDetails: v.looseObject({ text: v.string() }) })
]);
const Answer = v.union([
	v.object({ id: v.number(), type: v.literal('success'), result: v.unknown() }),
	v.looseObject({ id: v.number(), type: v.literal('error'), message: v.string() })
]);

export const firefox: Engine = {
	name: 'firefox',
	missing: () =>
		Promise.resolve(binary() ? null : 'apt-get install firefox-esr, or set FIREFOX_PATH'),
	open
};

function binary(): string | undefined {
	return [process.env['FIREFOX_PATH'] ?? '', ...PLACES].find((place) => existsSync(place));
}

async function open(options: EngineOptions): Promise<OpenEngine> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'defms-firefox-'));
	await writeFile(path.join(folder, 'user.js'), preferences(options));
	const program = binary() ?? 'firefox';
	const flags = ['--headless', '--no-remote', '--remote-debugging-port', '0', '--profile', folder];
	const child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
	const wire = await Wire.to(await within(START_MS, 'Firefox', addressOf(child)));
	const { capabilities } = v.parse(Session, await wire.ask('session.new', { capabilities: {} }));
	const { contexts } = v.parse(Tree, await wire.ask('browsingContext.getTree', {}));
	const context = contexts[0]?.context ?? '';
	return {
		title: `Firefox ${capabilities.browserVersion}`,
		async goto(url) {
			await wire.ask('browsingContext.navigate', { context, url, wait: 'complete' });
		},
		async run(code, args, limitMs) {
			const expression = `Promise.resolve((${code})(...${JSON.stringify(args)})).then((value) => JSON.stringify(value ?? null))`;
			const evaluated = v.parse(
				Evaluated,
				await within(
					limitMs,
					'Firefox',
					wire.ask('script.evaluate', { expression, target: { context }, awaitPromise: true })
				)
			);
			if (evaluated.type === 'exception') throw new Error(evaluated.exceptionDetails.text);
			const value: unknown = JSON.parse(evaluated.result.value ?? 'null');
			return value;
		},
		async [Symbol.asyncDispose]() {
			wire.close();
			const ended = once(child, 'exit');
			child.kill('SIGKILL');
			await ended;
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		}
	};
}

function preferences({ proxyPort }: EngineOptions): string {
	const proxy = {
		'network.proxy.type': 1,
		'network.proxy.http': '127.0.0.1',
		'network.proxy.http_port': proxyPort,
		'network.proxy.ssl': '127.0.0.1',
		'network.proxy.ssl_port': proxyPort,
		'network.proxy.allow_hijacking_localhost': true
	};
	const all = {
		'app.update.enabled': false,
		'browser.shell.checkDefaultBrowser': false,
		'datareporting.policy.dataSubmissionEnabled': false,
		'network.captive-portal-service.enabled': false,
		'network.connectivity-service.enabled': false,
		...(proxyPort === undefined ? {} : proxy)
	};
	return Object.entries(all)
		.map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
		.join('');
}

/** Firefox says on its error output where it listens. */
function addressOf({ stderr }: ChildProcess): Promise<string> {
	return new Promise((resolve) => {
		let said = '';
		stderr?.on('data', (piece: Buffer) => {
			said += piece.toString();
			const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said)?.[1];
			if (found) resolve(`${found}/session`);
		});
	});
}

/** Questions and answers over one WebSocket. */
class Wire {
	readonly #socket: WebSocket;
	readonly #waiting = new Map<
		number,
		{ resolve: (result: unknown) => void; reject: (error: Error) => void }
	>();
	#last = 0;

	static async to(url: string): Promise<Wire> {
		const socket = new WebSocket(url);
		await new Promise((resolve, reject) => {
			socket.addEventListener('open', resolve, { once: true });
			socket.addEventListener('error', reject, { once: true });
		});
		return new Wire(socket);
	}

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.addEventListener('message', ({ data }) => this.#hear(String(data)));
		socket.addEventListener('close', () => {
			for (const { reject } of this.#waiting.values()) reject(new Error('the browser is gone'));
		});
	}

	ask(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
		const id = ++this.#last;
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, { resolve, reject });
			this.#socket.send(JSON.stringify({ id, method, params }));
		});
	}

	close(): void {
		this.#socket.close();
	}

	#hear(text: string): void {
		const { success, output } = v.safeParse(Answer, JSON.parse(text));
		// Else an event, which nobody asked for.
		if (!success) return;
		const waiting = this.#waiting.get(output.id);
		this.#waiting.delete(output.id);
		if (output.type === 'success') waiting?.resolve(output.result);
		else waiting?.reject(new Error(output.message));
	}
}
