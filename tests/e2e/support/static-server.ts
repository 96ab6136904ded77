/** Any static file server: knows nothing of DEFMS, serves a folder under a path. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript',
	'.css': 'text/css',
	'.json': 'application/json',
	'.svg': 'image/svg+xml',
	'.png': 'image/png',
	'.webmanifest': 'application/manifest+json'
};

interface StaticOptions {
	/** Requests that are left without an answer. */
	readonly isHeld?: (pathname: string) => boolean;
}

/** @param prefix `/some/path` without a slash at its end */
export async function serveStatic(
	folder: string,
	prefix: string,
	{ isHeld = () => false }: StaticOptions = {}
) {
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		if (isHeld(pathname)) return;
		const inside = pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : null;
		const file = path.join(folder, inside?.endsWith('/') ? `${inside}index.html` : (inside ?? ''));
		stat(file)
			.then((found) => {
				if (inside === null || !found.isFile()) throw new Error('not found');
				response.writeHead(200, {
					'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream'
				});
				createReadStream(file).pipe(response);
			})
			.catch(() => response.writeHead(404).end());
	}).listen(0);
	await once(server, 'listening');
	const address = server.address();
	if (!address || typeof address === 'string') throw new Error('no port');
	return {
		url: `http://localhost:${String(address.port)}${prefix}/`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		}
	};
}
