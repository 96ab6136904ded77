/** Ranges, and headers under which nothing of a stranger's runs. */

import { expect, test } from 'vitest';
import { headersOf, parseRange } from './file-answer.ts';

test.each([
	[null, 'whole'],
	['bytes=0-', { start: 0, end: 100 }],
	['bytes=10-19', { start: 10, end: 20 }],
	['bytes=90-500', { start: 90, end: 100 }],
	['bytes=-7', { start: 93, end: 100 }],
	['bytes=-700', { start: 0, end: 100 }],
	['bytes=100-', 'beyond'],
	['bytes=-0', 'beyond'],
	['bytes=20-10', 'whole'],
	['bytes=0-1,5-6', 'whole'],
	['lines=0-1', 'whole'],
	['bytes=-', 'whole'],
	['bytes=99999999999999999999-', 'whole']
])('%s of 100 bytes', (header, range) => {
	expect(parseRange(header, 100)).toEqual(range);
});

test.each([
	...['text/html', 'image/svg+xml', 'application/pdf', 'audio/html; charset=x', 'video/'],
	...['audio/mpegurl', 'audio/x-mpegurl', 'audio/x-scpls', 'video/vnd.mpegurl', 'video/mp4/x']
])('%s is never served inline, not even to a player', (type) => {
	for (const destination of ['video', 'document', 'iframe', '']) {
		const headers = headersOf({ destination, type, name: 'a' }, 5, 'whole');
		expect(headers.get('content-type')).toBe('application/octet-stream');
		expect(headers.get('content-disposition')).toMatch(/^attachment/);
	}
});

test('a video is served inline to a player, and saved by everybody else', () => {
	const asked = { type: 'video/webm', name: 'Tür (1).webm' };
	const played = headersOf({ ...asked, destination: 'video' }, 100, { start: 10, end: 20 });
	expect(played.get('content-type')).toBe('video/webm');
	expect(played.get('content-disposition')).toBeNull();
	expect(played.get('content-range')).toBe('bytes 10-19/100');
	expect(played.get('content-length')).toBe('10');
	expect(played.get('x-content-type-options')).toBe('nosniff');
	expect(played.get('content-security-policy')).toContain('sandbox');
	const saved = headersOf({ ...asked, destination: 'iframe' }, 100, 'whole');
	expect(saved.get('content-disposition')).toBe(
		"attachment; filename*=UTF-8''T%C3%BCr%20%281%29.webm"
	);
});
