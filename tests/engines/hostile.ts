/**
 * Hostile mail in one engine: the vectors and the messages of the corpora, opened as the app opens
 * them, 20 frames a page, behind a proxy that counts what leaves.
 */
import * as v from 'valibot';
import { readMimeFiles, readVectors, type Vector } from './corpus.ts';
import type { Engine, OpenEngine } from './engine.ts';
import { startProxy } from './proxy.ts';

const FRAMES = 20;
/** No vector may take longer, nor a page of them. */
const WATCHDOG_MS = 10_000;

const Wrongs = v.array(v.string());
const Parsed = v.array(v.object({ html: v.string(), ms: v.number() }));

export interface HostileReport {
	readonly engine: string;
	readonly shown: number;
	/** Name of the vectors, and what is wrong; empty: nothing is. */
	readonly wrongs: readonly string[];
	/** What was asked for elsewhere. */
	readonly asked: readonly string[];
}

/** @param gallery URL of the served gallery, with a slash at its end */
export async function openHostileMail(engine: Engine, gallery: string): Promise<HostileReport> {
	await using proxy = await startProxy(gallery);
	let tab = await openPage(engine, gallery, proxy.port);
	const wrongs: string[] = [];
	const vectors = [...(await readVectors()), ...(await readMessages(tab))];
	for (let at = 0; at < vectors.length; at += FRAMES) {
		const batch = vectors.slice(at, at + FRAMES);
		try {
			wrongs.push(...(await show(tab, batch)));
		} catch (error) {
			// A crash or a hang: the next page gets another browser.
			wrongs.push(`${namesOf(batch)}: ${error instanceof Error ? error.message : String(error)}`);
			await tab[Symbol.asyncDispose]();
			tab = await openPage(engine, gallery, proxy.port);
		}
	}
	const { title } = tab;
	await tab[Symbol.asyncDispose]();
	return { engine: title, shown: vectors.length, wrongs, asked: proxy.takeAsked() };
}

export async function openPage(
	engine: Engine,
	gallery: string,
	proxyPort: number
): Promise<OpenEngine> {
	const tab = await engine.open({ proxyPort });
	await tab.goto(`${gallery}?scene=hostile`);
	await tab.run(UNTIL_READY, [], WATCHDOG_MS);
	return tab;
}

/** The page's verbs are there once its script ran. */
const UNTIL_READY = `() => new Promise((resolve) => {
	const look = () => (globalThis.hostile ? resolve(null) : requestAnimationFrame(look));
	look();
})`;

async function show(tab: OpenEngine, batch: readonly Vector[]): Promise<string[]> {
	const htmls = batch.map(({ html }) => html);
	const wrongs = await tab.run('(htmls) => globalThis.hostile.show(htmls)', [htmls], WATCHDOG_MS);
	return v.parse(Wrongs, wrongs).map((wrong) => {
		const at = Number.parseInt(wrong, 10);
		return `${batch[at]?.name ?? namesOf(batch)}: ${wrong}`;
	});
}

function namesOf(batch: readonly Vector[]): string {
	return `${batch[0]?.name ?? ''} to ${batch.at(-1)?.name ?? ''}`;
}

/** Whole messages, read by the parser in the page under test. */
async function readMessages(tab: OpenEngine): Promise<Vector[]> {
	const files = await readMimeFiles();
	const vectors: Vector[] = [];
	for (const { name, bytes } of files) {
		const code = Buffer.from(bytes).toString('base64');
		const parsed = await tab.run('(file) => globalThis.hostile.parse([file])', [code], WATCHDOG_MS);
		const [mail] = v.parse(Parsed, parsed);
		if (mail?.html) vectors.push({ name, html: mail.html });
	}
	return vectors;
}
