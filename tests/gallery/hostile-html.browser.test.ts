/** The published attack collections against the sanitiser of received mail. */
import { server } from 'vitest/browser';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { sanitiseForEditor, sanitiseMail } from '../../src/lib/ui/message/sanitise.ts';
import { expectHarmless } from './harmless.ts';

const Payloads = v.array(v.object({ payload: v.string() }));

/** `null`: this clone has no corpora. */
async function readPayloads(name: string): Promise<string[] | null> {
	const commands: object = server.commands;
	if (!('readCorpus' in commands) || typeof commands.readCorpus !== 'function') {
		throw new Error('the test configuration registers no command readCorpus');
	}
	const text = v.parse(v.nullable(v.string()), await commands.readCorpus(name));
	if (text === null) return null;
	return v.parse(Payloads, JSON.parse(text)).map(({ payload }) => fillIn(payload));
}

/** The collection leaves holes where an attacker puts the code to run. */
function fillIn(payload: string): string {
	return payload
		.replaceAll(/%js_uri[a-z_0-9]*%/g, 'javascript:top.pwned=1')
		.replaceAll(/%[a-z]+_[a-z_0-9]*%/g, 'top.pwned=1');
}

test.each(['html/dompurify-payloads.json', 'html/h5sc.json'])('%s', async (name) => {
	const payloads = await readPayloads(name);
	if (payloads === null) return;
	expect(payloads.length).toBeGreaterThan(100);
	const holder = document.createElement('div');
	document.body.append(holder);
	for (const payload of payloads) {
		const mail = sanitiseMail(payload);
		expectHarmless(mail?.html ?? '', mail?.css);
		holder.replaceChildren(sanitiseForEditor(payload));
		expectHarmless(holder.innerHTML);
	}
	expect('pwned' in globalThis).toBe(false);
	holder.remove();
});
