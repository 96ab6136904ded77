import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolder, startProcess, temporaryFolder, type RelayProcess } from './running.ts';

const SECRET = 'outside of the app';

let relay: RelayProcess;
const base = temporaryFolder();
const app = join(base, 'app');

function write(path: string, content: string | Uint8Array): void {
	const file = join(app, path);
	mkdirSync(join(file, '..'), { recursive: true });
	writeFileSync(file, content);
}

beforeAll(async () => {
	writeFileSync(join(base, 'secret.txt'), SECRET);
	write('index.html', '<h1>home</h1>');
	write('404.html', '<h1>missing</h1>');
	write('write.html', '<h1>write</h1>');
	write('help/index.html', '<h1>help</h1>');
	write('config.json', '{"relays":["./"]}');
	write('.env', SECRET);
	write('_app/immutable/a.js', 'let a;');
	write('_app/immutable/a.js.gz', gzipSync('let a;'));
	write('app.wasm', new Uint8Array(8));
	relay = await startProcess(join(base, 'data'), ['--app', app]);
});

afterAll(async () => {
	await relay.end();
	removeFolder(base);
});

interface Got {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly body: string;
}

/** Sends the path as it is: `fetch` would tidy it first. */
async function get(
	path: string,
	headers: Record<string, string> = {},
	method = 'GET'
): Promise<Got> {
	const { promise, resolve, reject } = Promise.withResolvers<Got>();
	const { port } = new URL(relay.url);
	const asking = request({ host: 'localhost', port, path, method, headers }, (response) => {
		let body = '';
		response.setEncoding('utf8');
		response.on('data', (piece: string) => (body += piece));
		response.on('end', () =>
			resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
		);
	});
	asking.on('error', reject);
	asking.end();
	return promise;
}

test('finds files, shells and folders', async () => {
	expect(await get('/')).toMatchObject({ status: 200, body: '<h1>home</h1>' });
	expect(await get('/write')).toMatchObject({ status: 200, body: '<h1>write</h1>' });
	expect(await get('/write?x=1')).toMatchObject({ status: 200, body: '<h1>write</h1>' });
	expect(await get('/help')).toMatchObject({ status: 308, headers: { location: '/help/' } });
	expect(await get('/help/')).toMatchObject({ status: 200, body: '<h1>help</h1>' });
	expect(await get('/nothing')).toMatchObject({ status: 404, body: '<h1>missing</h1>' });
	expect(await get('/config.json')).toMatchObject({
		body: '{"relays":["./"]}',
		headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' }
	});
	expect((await get('/app.wasm')).headers['content-type']).toBe('application/wasm');
});

test('sends strict headers, and lets only what is named by its content be kept', async () => {
	const { headers } = await get('/');
	expect(headers).toMatchObject({
		'x-content-type-options': 'nosniff',
		'referrer-policy': 'no-referrer',
		'cross-origin-opener-policy': 'same-origin',
		'content-security-policy': "frame-ancestors 'none'",
		'cache-control': 'no-cache'
	});
	expect(headers['permissions-policy']).toContain('geolocation=()');
	expect(headers['strict-transport-security']).toBeUndefined();
	const lasting = await get('/_app/immutable/a.js');
	expect(lasting.headers['cache-control']).toContain('immutable');
	expect((await get('/_app/immutable/gone.js')).headers['cache-control']).toBe('no-cache');
});

test('sends what is compressed already to whoever takes it', async () => {
	const zipped = await get('/_app/immutable/a.js', { 'accept-encoding': 'br, gzip' });
	expect(zipped.headers['content-encoding']).toBe('gzip');
	const plain = await get('/_app/immutable/a.js', { 'accept-encoding': 'gzip;q=0' });
	expect(plain.headers['content-encoding']).toBeUndefined();
	expect(plain.body).toBe('let a;');
});

test('what was edited after it was packed is sent as it is now', async () => {
	write('edited.js.gz', gzipSync('let before;'));
	write('edited.js', 'let after;');
	const anHourAgo = Date.now() / 1000 - 3600;
	utimesSync(join(app, 'edited.js.gz'), anHourAgo, anHourAgo);
	const got = await get('/edited.js', { 'accept-encoding': 'gzip' });
	expect(got.headers['content-encoding']).toBeUndefined();
	expect(got.body).toBe('let after;');
});

test('answers 304 to who has it, nothing to HEAD, and 405 to POST', async () => {
	const { headers } = await get('/');
	const etag = String(headers['etag']);
	expect(await get('/', { 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
	expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
	expect(await get('/', {}, 'POST')).toMatchObject({ status: 405 });
});

test.each([
	...['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/help/../../secret.txt'],
	...['/..\\secret.txt', '/%5c..%5csecret.txt', '//secret.txt', '/./../secret.txt', '/.env'],
	...['/help/..%00/secret.txt', '/%', '/%ff', `/${'../'.repeat(20)}etc/passwd`, '/.%2e/secret.txt']
])('gives nothing from outside for %s', async (path) => {
	const { status, body } = await get(path);
	expect([400, 404]).toContain(status);
	expect(body).not.toContain(SECRET);
	expect(body).not.toContain('root:');
});

test('gives nothing from outside, whatever the path', async () => {
	const part = fc.constantFrom(
		'..',
		'.',
		'%2e',
		'%2e%2e',
		'/',
		'%2f',
		'\\',
		'%5c',
		'help',
		'secret.txt'
	);
	await fc.assert(
		fc.asyncProperty(fc.array(part, { maxLength: 10 }), async (parts) => {
			const { status, body } = await get(`/${parts.join('')}`);
			expect(body).not.toContain(SECRET);
			expect(status).toBeLessThan(500);
		}),
		{ numRuns: 200 }
	);
});

test('redirects to a folder of its own, never to another host', async () => {
	for (const path of ['//help', '//example.org/help', '/help//']) {
		const { headers } = await get(path);
		expect(headers['location'] ?? '/').toMatch(/^\/(?!\/)/);
	}
});

test('an edited file counts at once', async () => {
	write('config.json', '{"relays":["https://relay.example.org"]}');
	expect((await get('/config.json')).body).toContain('relay.example.org');
});
