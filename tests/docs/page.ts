/** A page of Markdown as far as tests read it: headings, what stands below them, tables. */

import { readFileSync } from 'node:fs';

export interface Section {
	/** Without backticks. */
	readonly heading: string;
	/** Everything up to the next heading of any depth. */
	readonly text: string;
	readonly tables: readonly Table[];
}

export interface Table {
	readonly head: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

/** @param path from the repository's root */
export function readPage(path: string): readonly Section[] {
	const page = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
	return page.split(/^#+ /m).map((part) => {
		const [heading = '', ...lines] = part.split('\n');
		return {
			heading: heading.replaceAll('`', ''),
			text: lines.join('\n'),
			tables: toTables(lines)
		};
	});
}

function toTables(lines: readonly string[]): Table[] {
	const tables: Table[] = [];
	let rows: string[][] = [];
	for (const line of [...lines, '']) {
		if (line.startsWith('|')) {
			rows.push(toCells(line));
			continue;
		}
		const [head, , ...rest] = rows;
		if (head !== undefined) tables.push({ head, rows: rest });
		rows = [];
	}
	return tables;
}

function toCells(line: string): string[] {
	return line
		.slice(1, line.trimEnd().length - 1)
		.split('|')
		.map((cell) => cell.trim());
}

/** What GitHub makes of a heading. */
export function slugOf(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N} _-]/gu, '')
		.replaceAll(' ', '-');
}

/** The one section of this heading. Throws where it is missing. */
export function sectionOf(page: readonly Section[], heading: string): Section {
	const found = page.filter((section) => section.heading === heading);
	const [section] = found;
	if (section === undefined || found.length > 1) throw new Error(`no one section "${heading}"`);
	return section;
}

/** The text between backticks. */
export function quoted(cell: string): string {
	return /^`([^`]*)`$/.exec(cell)?.[1] ?? '';
}
