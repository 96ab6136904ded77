import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { bringMails } from '../exchange/bring.ts';
import { prepare } from '../exchange/brought.ts';
import { readFileBlocks } from '../mailbox/file-blocks.ts';
import { BEGINNING } from '../exchange/mail-source.ts';
import type { Account } from '../post/account.ts';
import { concat, utf8 } from '../wire/bytes.ts';
import { takeMail } from './taking-mail.ts';

function mailOf(subject: string, date: string) {
	return utf8(
		`From: Mira <mira@example.org>\r\nMessage-ID: <${subject}@x>\r\nDate: ${date}\r\nSubject: ${subject}\r\n\r\nText of ${subject}\r\n`
	);
}

async function deskWith(mails: readonly Uint8Array<ArrayBuffer>[]) {
	const desk = createDesk();
	const brought = mails.map((bytes) =>
		prepare({ kind: 'mail', bytes, path: 'a.eml', position: BEGINNING })
	);
	await bringMails(desk, await Promise.all(brought), () => []);
	return desk;
}

async function take(desk: ReturnType<typeof createDesk>, as: 'mbox' | 'zip') {
	const parts: Uint8Array[] = [];
	const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) });
	// What was brought is looked for here alone, so that nothing of the account is asked.
	const account: Account = Object.create(null);
	const signal = new AbortController().signal;
	const outcome = await takeMail({ desk, account, peers: null }, null, as, sink, {
		...{ signal, onProgress: () => undefined }
	});
	return { outcome, text: new TextDecoder('latin1').decode(concat(...parts)) };
}

const NOON = 'Sun, 22 Nov 2026 12:00:00 +0000';

test.each(['mbox', 'zip'] as const)('one mail whose original is gone stops no %s', async (as) => {
	const desk = await deskWith(['One', 'Two', 'Three'].map((subject) => mailOf(subject, NOON)));
	const two = (await desk.store.list('message')).find(({ mail }) => mail.subject === 'Two');
	if (two?.legacy === undefined) throw new Error('it was brought');
	const { chunks, nodes } = await readFileBlocks(desk.blocks, two.legacy.rest);
	await desk.blocks.remove([...chunks, ...nodes]);
	const { outcome, text } = await take(desk, as);
	expect(outcome).toMatchObject({ messages: 3, missingFiles: 1, isStopped: false });
	for (const subject of ['One', 'Two', 'Three']) expect(text).toContain(`Text of ${subject}`);
});

test.each(['mbox', 'zip'] as const)('a mail of a year far away stops no %s', async (as) => {
	const dates = [
		'Fri, 31 Dec 9999 23:59:59 +0000',
		'12 Sep 275760 00:00:00 GMT',
		'1 Jan 1970',
		NOON
	];
	const desk = await deskWith(dates.map((date, at) => mailOf(`m${String(at)}`, date)));
	expect((await take(desk, as)).outcome.messages).toBe(4);
});
