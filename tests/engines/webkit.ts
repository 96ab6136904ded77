/** WebKitGTK over WebDriver, on a screen of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { createServer } from 'node:net';
import * as v from 'valibot';
import { within, type Engine, type EngineOptions, type OpenEngine } from './engine.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const SCREEN = '/usr/bin/Xvfb';
const BROWSERS = '/usr/{lib,libexec}/**/webkit2gtk-4.*/MiniBrowser';
const START_MS = 60_000;

const Session = v.object({
	sessionId: v.string(),
	capabilities: v.looseObject({ browserVersion: v.optional(v.string()) })
});
const Value = v.object({ value: v.unknown() });
const Trouble = v.looseObject({ message: v.string() });

export const webkit: Engine = {
	name: 'webkit',
	missing: () =>
		Promise.resolve(
			existsSync(DRIVER) && existsSync(SCREEN) && browser()
				? null
				: 'apt-get install webkit2gtk-driver xvfb'
		),
	open
};

function browser(): string | undefined {
	return globSync(BROWSERS)[0];
}

async function open(options: EngineOptions): Promise<OpenEngine> {
	const screen = await startScreen();
	const port = await freePort();
	const driver = spawn(DRIVER, [`--port=${String(port)}`], {
		env: {
			...process.env,
			DISPLAY: screen.display,
			// Neither a graphics card nor a session is there.
			WEBKIT_DISABLE_COMPOSITING_MODE: '1',
			LIBGL_ALWAYS_SOFTWARE: '1',
			GDK_BACKEND: 'x11',
			NO_AT_BRIDGE: '1'
		},
		stdio: 'ignore'
	});
	const base = `http://127.0.0.1:${String(port)}`;
	const { sessionId, capabilities } = v.parse(
		Session,
		await within(START_MS, 'WebKit', begin(base, options))
	);
	const session = `${base}/session/${sessionId}`;
	await ask(`${session}/timeouts`, { script: 120_000, pageLoad: START_MS });
	return {
		title: `WebKitGTK ${capabilities.browserVersion ?? ''}`.trim(),
		async goto(url) {
			await ask(`${session}/url`, { url });
		},
		run(code, args, limitMs) {
			const script = `const done = arguments[1]; Promise.resolve((${code})(...arguments[0])).then(
				(value) => done({ value: value ?? null }), (error) => done({ error: String(error) }))`;
			return within(limitMs, 'WebKit', runIn(session, script, args));
		},
		async [Symbol.asyncDispose]() {
			await within(5_000, 'WebKit', fetch(session, { method: 'DELETE' })).catch(() => undefined);
			await end(driver);
			await end(screen.child);
		}
	};
}

async function runIn(session: string, script: string, args: readonly unknown[]): Promise<unknown> {
	const answer = await ask(`${session}/execute/async`, { script, args: [args] });
	const { value, error } = v.parse(
		v.object({ value: v.optional(v.unknown()), error: v.optional(v.string()) }),
		answer
	);
	if (error !== undefined) throw new Error(error);
	return value;
}

/** The driver takes a moment to listen: asked until it does. */
async function begin(base: string, { proxyPort }: EngineOptions): Promise<unknown> {
	const proxy = `127.0.0.1:${String(proxyPort ?? 0)}`;
	const capabilities = {
		alwaysMatch: {
			'webkitgtk:browserOptions': { binary: browser(), args: ['--automation'] },
			...(proxyPort !== undefined && {
				proxy: { proxyType: 'manual', httpProxy: proxy, sslProxy: proxy, noProxy: [] }
			})
		}
	};
	for (;;) {
		try {
			return await ask(`${base}/session`, { capabilities });
		} catch (error) {
			if (!(error instanceof TypeError)) throw error;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
	}
}

/** @throws TypeError where nobody listens, as fetch does */
async function ask(url: string, body: unknown): Promise<unknown> {
	const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
	const { value } = v.parse(Value, await response.json());
	if (response.ok) return value;
	const trouble = v.safeParse(Trouble, value);
	throw new Error(trouble.success ? trouble.output.message : `status ${String(response.status)}`);
}

/** The server says the number of its display on the descriptor that it is given. */
async function startScreen(): Promise<{ child: ChildProcess; display: string }> {
	const child = spawn(SCREEN, ['-displayfd', '3', '-screen', '0', '1280x900x24'], {
		stdio: ['ignore', 'ignore', 'ignore', 'pipe']
	});
	const [pipe] = child.stdio.slice(3);
	if (!pipe) throw new Error('the screen has no pipe');
	const [number] = await within(START_MS, 'the screen', once(pipe, 'data'));
	return { child, display: `:${String(number).trim()}` };
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	if (address === null || typeof address === 'string') throw new Error('no port');
	return address.port;
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, 'exit');
	child.kill('SIGKILL');
	await ended;
}
