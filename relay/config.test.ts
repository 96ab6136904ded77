import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

function writeConfig(text: string): string {
	const folder = mkdtempSync(join(tmpdir(), 'defms-'));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const file = join(folder, 'defms.json');
	writeFileSync(file, text);
	return file;
}

test('has defaults for everything', () => {
	expect(readConfig([])).toMatchObject({ port: 8080, data: './data', trustProxy: false });
});

test('reads flags above the file above the defaults', () => {
	const file = writeConfig('{ "port": 9000, "publicUrl": "https://mail.example.org" }');
	expect(readConfig(['--config', file])).toMatchObject({
		port: 9000,
		publicUrl: 'https://mail.example.org'
	});
	expect(readConfig(['--config', file, '--port', '7000'])?.port).toBe(7000);
	expect(readConfig(['--store-bytes', '1000000'])?.storeBytes).toBe(1_000_000);
});

test('asked for help, gives no configuration', () => {
	expect(readConfig(['--help', '--port', '1'])).toBeNull();
});

test.each([
	['a port that is none', ['--port', 'many'], /^port/],
	['a port that is too large', ['--port', '70000'], /^port/],
	['an unknown flag', ['--colour', 'red'], /colour/],
	['a URL with a slash at its end', ['--public-url', 'https://x.org/'], /publicUrl/],
	['a certificate without key', ['--cert', 'x.pem'], /--key/],
	['a file that is not there', ['--config', '/nowhere/at/all'], /cannot be read/]
])('explains %s', (_, args, message) => {
	expect(() => readConfig(args)).toThrow(ConfigError);
	expect(() => readConfig(args)).toThrow(message);
});

test('explains a file that is not JSON, and a name that it does not know', () => {
	expect(() => readConfig(['--config', writeConfig('port: 8080')])).toThrow(/cannot be read/);
	expect(() => readConfig(['--config', writeConfig('[]')])).toThrow(/one JSON object/);
	expect(() => readConfig(['--config', writeConfig('{"prot":1}')])).toThrow(/prot/);
});
