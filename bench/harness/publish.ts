/** Puts results where people read them: `bench/results.json`, and the last section of the README. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Result } from './report.ts';

const FOLDER = path.resolve(import.meta.dirname, '..');
const HEADING = '## Figures\n';

/** @param day as `2026-01-31` */
export function publish(results: readonly Result[], day: string): void {
	const file = path.join(FOLDER, 'results.json');
	writeFileSync(file, `${JSON.stringify({ day, results }, null, '\t')}\n`);
	const page = path.join(FOLDER, 'README.md');
	const [before] = readFileSync(page, 'utf8').split(HEADING);
	const sections = results.map((result) => toSection(result, day));
	writeFileSync(page, `${before ?? ''}${HEADING}\n${sections.join('\n')}`);
}

function toSection({ bench, ratios, raw, rounds, machine }: Result, day: string): string {
	const rows = [...Object.entries(ratios), ...Object.entries(raw)];
	return [
		`### ${bench}\n`,
		`${day}, ${rounds} rounds, ${machine}\n`,
		'| figure | |',
		'| --- | ---: |',
		...rows.map(([name, value]) => `| ${name} | ${value} |`),
		''
	].join('\n');
}
