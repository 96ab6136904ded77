/** `node relay/main.ts`: reads the options, runs until SIGINT or SIGTERM, says plainly what happens. */

import { resolve } from 'node:path';
import { ConfigError, readConfig, USAGE } from './config.ts';
import { PortTakenError } from './listen.ts';
import { createLog } from './log.ts';
import { startRelay, type RunningRelay } from './start.ts';

/** An orderly end may take this long; then we leave anyway. Everything kept is on disk already. */
const STOP_MS = 1500;

try {
	const config = readConfig(process.argv.slice(2));
	if (config === null) {
		process.stdout.write(USAGE);
	} else {
		const log = createLog(config);
		// Some stream of some stranger failed where nobody waited for it: the others go on.
		process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled'));
		const relay = await startRelay(config, log);
		greet(relay, config.data);
		endOnSignal(relay);
	}
} catch (error) {
	process.stderr.write(`${explain(error)}\n`);
	process.exit(1);
}

function greet({ url, notes }: RunningRelay, data: string): void {
	const lines = [
		`DEFMS is running at ${url}`,
		`It keeps its key and its data in ${resolve(data)}`,
		...notes,
		'Press Ctrl-C to stop it.'
	];
	process.stdout.write(`${lines.join('\n')}\n`);
}

function endOnSignal(relay: RunningRelay): void {
	let isStopping = false;
	const stop = () => {
		if (isStopping) process.exit(0);
		isStopping = true;
		setTimeout(() => process.exit(0), STOP_MS).unref();
		relay.stop().then(
			() => process.exit(0),
			(error: unknown) => {
				process.stderr.write(`${explain(error)}\n`);
				process.exit(1);
			}
		);
	};
	process.on('SIGINT', stop);
	process.on('SIGTERM', stop);
}

function explain(error: unknown): string {
	if (error instanceof ConfigError || error instanceof PortTakenError) return error.message;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
