/** What the operator chose: flags, above a JSON file, above the defaults. */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { isOfficeUrl } from '../src/lib/wire/invite.ts';
import { LIMITS } from '../src/lib/wire/limits.ts';
import { BOUNDS } from './office/bounds.ts';

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535));
const amount = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const configSchema = v.strictObject({
	/** Folder of the built app; without it only the post office and the relay run. */
	app: v.optional(v.string()),
	/** 0 takes any free port. */
	port: v.optional(port, 8080),
	/** Address to listen at; without it all of them. */
	host: v.optional(v.string()),
	/** Folder of everything that the relay keeps. */
	data: v.optional(v.string(), './data'),
	/** Where others reach this relay; it goes into cards and invites. */
	publicUrl: v.optional(v.pipe(v.string(), v.check(isOfficeUrl))),
	/** PEM files; with both the relay serves https. */
	cert: v.optional(v.string()),
	key: v.optional(v.string()),
	/** UDP port that answers STUN; the same number as `port` unless given, none with 0. */
	stunPort: v.optional(port),
	/** Believe X-Forwarded-For: only behind a proxy of our own that sets it. */
	trustProxy: v.optional(v.boolean(), false),
	/** May this office call others in private networks? */
	allowPrivate: v.optional(v.boolean()),
	/** Bytes kept for one address. */
	quotaBytes: v.optional(amount, LIMITS.quotaBytes),
	/** Addresses that may register here, and bytes kept for all of them together. */
	accounts: v.optional(amount, BOUNDS.accounts),
	totalBytes: v.optional(amount, BOUNDS.totalBytes),
	/** Bytes of the database file; without it the disk is the bound. */
	storeBytes: v.optional(amount),
	reservations: v.optional(amount, 1000),
	log: v.optional(v.picklist(['silent', 'error', 'warn', 'info', 'debug']), 'warn')
});

export type Config = v.InferOutput<typeof configSchema>;

/** A sentence for the person who typed it; never a stack. */
export class ConfigError extends Error {}

const OPTIONS = {
	config: { type: 'string' },
	app: { type: 'string' },
	port: { type: 'string' },
	host: { type: 'string' },
	data: { type: 'string' },
	'public-url': { type: 'string' },
	cert: { type: 'string' },
	key: { type: 'string' },
	'stun-port': { type: 'string' },
	'trust-proxy': { type: 'boolean' },
	'allow-private': { type: 'boolean' },
	'quota-bytes': { type: 'string' },
	accounts: { type: 'string' },
	'total-bytes': { type: 'string' },
	'store-bytes': { type: 'string' },
	reservations: { type: 'string' },
	log: { type: 'string' },
	help: { type: 'boolean', short: 'h' }
} as const;

export const USAGE = `node relay/main.ts [options]

  --app FOLDER         serve the built app from this folder
  --port N             listen here (default 8080; 0 takes any free port)
  --host ADDRESS       listen at this address only (default: all)
  --data FOLDER        keep key, mail and cards here (default ./data)
  --public-url URL     where others reach this relay, without a slash at the end
  --cert FILE --key FILE  serve https
  --stun-port N        UDP port for STUN (default: as --port; 0: none)
  --trust-proxy        take the client's address from X-Forwarded-For
  --allow-private      deliver to post offices in private networks too
  --quota-bytes N      room for one address
  --accounts N         addresses that may register (default 10000)
  --total-bytes N      room for all addresses together (default 64 GiB)
  --store-bytes N      largest size of the database file (default: the whole disk)
  --reservations N     browsers that may wait at the circuit relay
  --log LEVEL          silent, error, warn, info or debug
  --config FILE        the same names in JSON: { "port": 8080, "publicUrl": "…" }
`;

/** `null` where help was asked for. Throws ConfigError on what it does not understand. */
export function readConfig(args: readonly string[]): Config | null {
	const flags = parseFlags(args);
	const { config: file, help, ...named } = flags;
	if (help === true) return null;
	const fromFile = file === undefined ? {} : readJson(file);
	const fromFlags = Object.fromEntries(
		Object.entries(named).map(([name, value]) => [toCamel(name), toValue(name, value)])
	);
	const parsed = v.safeParse(configSchema, { ...fromFile, ...fromFlags });
	if (!parsed.success) throw new ConfigError(explain(parsed.issues));
	const { cert, key } = parsed.output;
	if ((cert === undefined) !== (key === undefined)) {
		throw new ConfigError('https needs both --cert and --key.');
	}
	return parsed.output;
}

function parseFlags(args: readonly string[]) {
	try {
		return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
	} catch (error) {
		throw new ConfigError(error instanceof Error ? error.message : String(error));
	}
}

function readJson(file: string): object {
	try {
		const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
		if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)) return parsed;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new ConfigError(`The configuration file ${file} cannot be read: ${reason}`);
	}
	throw new ConfigError(`The configuration file ${file} must hold one JSON object.`);
}

const NUMBERS = new Set([
	...['port', 'stun-port', 'quota-bytes', 'accounts', 'total-bytes', 'store-bytes', 'reservations']
]);

function toValue(name: string, value: string | boolean): string | boolean | number {
	return NUMBERS.has(name) && value !== '' ? Number(value) : value;
}

function toCamel(name: string): string {
	return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function explain(issues: readonly v.BaseIssue<unknown>[]): string {
	const [issue] = issues;
	const key = issue?.path?.[0]?.key;
	const name = typeof key === 'string' ? key : 'configuration';
	if (name === 'publicUrl') {
		return `publicUrl must be http(s)://host[:port] without a slash at the end, at most ${LIMITS.urlBytes} characters.`;
	}
	return `${name}: ${issue?.message ?? 'not understood'}. Try --help.`;
}
