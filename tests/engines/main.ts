/**
 * `npm run test:engines [-- firefox webkit]`: hostile mail, and the way of a letter between two
 * browsers, in the engines that the end-to-end tests do not run in.
 */
import { createRelay } from '../e2e/support/relay.ts';
import { openGallery } from '../gallery/open.ts';
import type { Engine } from './engine.ts';
import { firefox } from './firefox.ts';
import { openHostileMail } from './hostile.ts';
import { EnginePerson } from './person.ts';
import { webkit } from './webkit.ts';

const ENGINES: readonly Engine[] = [firefox, webkit];

const FLOWS: readonly [name: string, run: (engine: Engine) => Promise<string>][] = [
	['hostile mail', hostile],
	['a letter and its answer', letter],
	['search', search]
];

/** Two mails of other programs. */
const MBOX = [
	['1', 'Roof', 'The Zimmermann asks for 4,200.'],
	['2', 'Signs', 'Then 漢字検索 again.']
]
	.map(([id = '', subject = '', text = '']) =>
		[
			'From mira@example.org Sun Nov 22 11:00:00 2026',
			'From: Mira <mira@example.org>',
			'To: Alice <alice@example.org>',
			`Message-ID: <${id}@x>`,
			`Subject: ${subject}`,
			'Date: Sun, 22 Nov 2020 11:00:00 +0000',
			'Content-Type: text/plain; charset=utf-8\n',
			`${text}\n\n`
		].join('\n')
	)
	.join('');

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
let passed = 0;
const failed: string[] = [];

for (const engine of ENGINES.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
	const missing = await engine.missing();
	if (missing !== null) {
		failed.push(`${engine.name} is not installed: ${missing}`);
		continue;
	}
	for (const [name, run] of FLOWS) {
		const started = Date.now();
		try {
			const said = await run(engine);
			passed += 1;
			console.log(`✓ ${engine.name}: ${name} (${said}, ${seconds(started)} s)`);
		} catch (error) {
			failed.push(`${engine.name}: ${name}`);
			console.log(`✗ ${engine.name}: ${name} (${seconds(started)} s)`);
			console.error(error);
		}
	}
}
for (const name of failed) console.log(`failed: ${name}`);
console.log(`${String(passed)} passed, ${String(failed.length)} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

async function hostile(engine: Engine): Promise<string> {
	await using gallery = await openGallery();
	const {
		shown,
		wrongs,
		asked: elsewhere,
		engine: title
	} = await openHostileMail(engine, gallery.url);
	if (wrongs.length > 0) throw new Error(wrongs.join('\n'));
	if (elsewhere.length > 0) throw new Error(`asked for: ${elsewhere.join(', ')}`);
	return `${title}, ${String(shown)} mails`;
}

async function letter(engine: Engine): Promise<string> {
	const relay = await createRelay();
	await relay.start();
	try {
		await using first = await engine.open({});
		await using second = await engine.open({});
		const [bob, alice] = [new EnginePerson(first), new EnginePerson(second)];
		await bob.begin(relay.url, 'Bob');
		await alice.begin(await bob.inviteLink(), 'Alice');
		await alice.write('Bob', 'Roof: the second offer', 'They can start in March.');
		await bob.open('Roof: the second offer');
		await bob.see('They can start in March.');
		await bob.answer('Then let us take it.');
		await alice.open('Roof: the second offer');
		await alice.see('Then let us take it.');
		return first.title;
	} finally {
		await relay.dispose();
	}
}

/** Indexed, found, and found again in a page that reads what the first has stored. */
async function search(engine: Engine): Promise<string> {
	const relay = await createRelay();
	await relay.start();
	try {
		await using browser = await engine.open({});
		const alice = new EnginePerson(browser);
		await alice.begin(relay.url, 'Alice');
		await alice.bring('All.mbox', MBOX);
		await alice.look('zimm');
		await alice.see('The Zimmermann asks for 4,200.');
		await alice.look('漢字');
		await alice.see('Then 漢字検索 again.');
		await browser.goto(relay.url);
		await alice.look('subject:roof zimmermann');
		await alice.see('The Zimmermann asks for 4,200.');
		await alice.look('subject:roof 漢字');
		await alice.see('Nothing found');
		return browser.title;
	} finally {
		await relay.dispose();
	}
}

function seconds(started: number): string {
	return ((Date.now() - started) / 1_000).toFixed(1);
}
