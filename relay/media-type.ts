/** Media types of the files that a build consists of. */

const TYPES: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.mjs': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.json': 'application/json; charset=utf-8',
	'.map': 'application/json; charset=utf-8',
	'.webmanifest': 'application/manifest+json; charset=utf-8',
	'.txt': 'text/plain; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.wasm': 'application/wasm',
	'.png': 'image/png',
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	'.webp': 'image/webp',
	'.ico': 'image/x-icon',
	'.woff2': 'font/woff2',
	'.mp3': 'audio/mpeg',
	'.ogg': 'audio/ogg'
};

const COMPRESSIBLE = /^(text\/|application\/(json|wasm|manifest)|image\/svg)/;

/** @param extension with its dot */
export function mediaTypeOf(extension: string): string {
	return TYPES[extension.toLowerCase()] ?? 'application/octet-stream';
}

export function isCompressible(extension: string): boolean {
	return COMPRESSIBLE.test(mediaTypeOf(extension));
}
