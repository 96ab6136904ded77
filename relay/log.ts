/**
 * The operator's log, JSON lines on stderr. It names routes, reasons and our own state, never an
 * address, an IP, a slot or a token.
 */

import { destination, pino, type Logger } from 'pino';
import type { Config } from './config.ts';

const STDERR = 2;

export function createLog({ log }: Pick<Config, 'log'>): Logger {
	return pino({ level: log, base: undefined }, destination({ fd: STDERR, sync: true }));
}
