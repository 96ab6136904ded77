/**
 * `npm run bench:hostile`: how long hostile and odd mail takes in Chromium, each vector and message
 * apart: the sanitiser on the HTML, the parser on whole messages. The corpora are those of the tests
 * (`CORPORA`).
 */
import * as v from 'valibot';
import { chromium } from '../tests/engines/chromium.ts';
import { readMimeFiles, readVectors } from '../tests/engines/corpus.ts';
import { openPage } from '../tests/engines/hostile.ts';
import { startProxy } from '../tests/engines/proxy.ts';
import { openGallery } from '../tests/gallery/open.ts';
import { machineOf, report, roundsAsked, type Result } from './harness/report.ts';

const LIMIT_MS = 60_000;
const Times = v.array(v.number());
const Parsed = v.array(v.object({ html: v.string(), ms: v.number() }));

await report(measure);

async function measure(): Promise<Result> {
	await using gallery = await openGallery();
	await using proxy = await startProxy(gallery.url);
	await using tab = await openPage(chromium, gallery.url, proxy.port);
	const files = (await readMimeFiles()).map(({ bytes }) => Buffer.from(bytes).toString('base64'));
	const vectors = (await readVectors()).map(({ html }) => html);
	const rounds = roundsAsked();
	const parser: number[] = [];
	const sanitiser: number[] = [];
	// The first round warms up.
	for (let round = 0; round <= rounds; round++) {
		const parsed = v.parse(
			Parsed,
			await tab.run('(files) => globalThis.hostile.parse(files)', [files], LIMIT_MS)
		);
		const htmls = [...vectors, ...parsed.flatMap(({ html }) => (html === '' ? [] : [html]))];
		const times = v.parse(
			Times,
			await tab.run('(htmls) => globalThis.hostile.timeSanitiser(htmls)', [htmls], LIMIT_MS)
		);
		if (round === 0) continue;
		parser.push(...parsed.map(({ ms }) => ms));
		sanitiser.push(...times);
	}
	return {
		bench: 'hostile',
		ratios: {},
		raw: { ...spread('sanitiser', sanitiser), ...spread('parser', parser) },
		rounds,
		machine: machineOf(tab.title.replace('Chromium ', ''))
	};
}

function spread(name: string, samples: readonly number[]): Record<string, number> {
	const sorted = [...samples].sort((a, b) => a - b);
	const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
	return { [`${name}_p50_ms`]: at(0.5), [`${name}_p95_ms`]: at(0.95), [`${name}_max_ms`]: at(1) };
}
