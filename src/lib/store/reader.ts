/**
 * Rows are asked for one by one, often fifty in a row, and beginning a transaction costs more than reading
 * one of them. So one transaction runs at a time, and all that is asked for meanwhile goes into the next.
 */

import type { Database } from './database.ts';

type Binary = Uint8Array<ArrayBuffer>;

/** `null`: nothing stands at that place. */
export type ReadRow = (place: Binary) => Promise<Binary | null>;

interface Question {
	readonly place: Binary;
	readonly resolve: (sealed: Binary | null) => void;
	readonly reject: (cause: unknown) => void;
}

export function createReader(database: Pick<Database, 'read'>): ReadRow {
	const waiting: Question[] = [];
	let isRunning = false;
	const run = async () => {
		isRunning = true;
		while (waiting.length > 0) await answer(database, waiting.splice(0));
		isRunning = false;
	};
	return (place) =>
		new Promise((resolve, reject) => {
			waiting.push({ place, resolve, reject });
			if (!isRunning) void run();
		});
}

/** Never throws: who asked is told. */
async function answer(database: Pick<Database, 'read'>, questions: Question[]): Promise<void> {
	try {
		const rows = await database.read('rows', ({ store }) =>
			Promise.all(questions.map(async ({ place }) => (await store.get(place)) ?? null))
		);
		for (const [at, { resolve }] of questions.entries()) resolve(rows[at] ?? null);
	} catch (cause) {
		const [first, ...others] = questions;
		if (others.length === 0) return first?.reject(cause);
		// One that cannot be read keeps nobody from the others.
		for (const each of questions) await answer(database, [each]);
	}
}
