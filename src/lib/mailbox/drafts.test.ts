import { expect, test } from 'vitest';
import {
	addressOf,
	contactOf,
	createDesk,
	messageIn,
	partyOf,
	peopleWith,
	threadOf,
	type Name
} from '../../../tests/mailbox/records.ts';
import { readRecipient } from '../post/typed.ts';
import type { MessageRecord } from '../post/records.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { formatRecipient, goneFrom, newDraft } from './drafts.ts';

const desk = createDesk();
const people = peopleWith(contactOf('bob'), contactOf('carol'));

function answer(
	kind: 'reply' | 'replyAll' | 'forward',
	message: MessageRecord,
	...gone: readonly Name[]
) {
	const origin = { kind, threadId: message.thread, messageId: message.id };
	const draft = newDraft(desk, people, origin, message, { gone: new Set(gone.map(addressOf)) });
	const addresses = (texts: readonly string[]) =>
		texts.map((text) => {
			const reading = readRecipient(text);
			return reading.kind === 'address' ? reading.address : reading.kind;
		});
	return { draft, to: addresses(draft.to), cc: addresses(draft.cc) };
}

const toThree = messageIn('roof', 1, {
	mail: { to: [partyOf('alice'), partyOf('mallory')], cc: [partyOf('carol'), partyOf('bob')] }
});

test('a reply goes to the writer', () => {
	const { draft, to, cc } = answer('reply', toThree);
	expect([to, cc]).toEqual([[addressOf('bob')], []]);
	expect(draft).toMatchObject({ subject: 'Re: roof', thread: toThree.thread, answers: toThree.id });
});

test('what we put before a subject never makes it too long to send', () => {
	const subject = 'ü'.repeat(499);
	const long = messageIn('roof', 1, { mail: { subject } });
	for (const kind of ['reply', 'forward'] as const) {
		const { draft } = answer(kind, long);
		expect(draft.subject).toMatch(/^(?:Re|Fwd): ü+$/);
		expect(new TextEncoder().encode(draft.subject).length).toBeLessThanOrEqual(998);
	}
});

test('a reply to all leaves out oneself and names nobody twice', () => {
	const { to, cc } = answer('replyAll', toThree);
	expect(to).toEqual([addressOf('bob'), addressOf('mallory')]);
	expect(cc).toEqual([addressOf('carol')]);
});

test('a reply to all does not add again who has left since', () => {
	const { to, cc } = answer('replyAll', toThree, 'bob', 'carol');
	expect([to, cc]).toEqual([[addressOf('mallory')], []]);
	expect(answer('reply', toThree, 'bob').to).toEqual([addressOf('bob')]);
	const mine = messageIn('roof', 1, {
		from: 'alice',
		mail: { to: [partyOf('bob'), partyOf('carol')] }
	});
	expect(answer('reply', mine, 'carol').to).toEqual([addressOf('bob')]);
	// Where all have left, it is the reader's choice to write to them.
	const all = answer('replyAll', toThree, 'bob', 'carol', 'mallory');
	expect(all.to).toEqual([addressOf('bob'), addressOf('mallory')]);
});

test('who left and was added again is no more gone', () => {
	const event = { by: addressOf('bob'), at: 1, added: [] };
	const events = [
		{ ...event, gone: [addressOf('carol')] },
		{ ...event, gone: [addressOf('mallory')] },
		{ ...event, added: [addressOf('carol')], gone: [] }
	];
	const thread = threadOf('roof', [], {
		members: [addressOf('alice'), addressOf('bob'), addressOf('carol')],
		circle: { mayAdd: true, mayRemove: false, events }
	});
	expect([...goneFrom(thread)]).toEqual([addressOf('mallory')]);
});

test('an answer to oneself goes where the first one went', () => {
	const mine = messageIn('roof', 1, { from: 'alice', mail: { cc: [partyOf('carol')] } });
	expect(answer('reply', mine).to).toEqual([addressOf('bob')]);
	expect(answer('replyAll', mine)).toMatchObject({
		to: [addressOf('bob')],
		cc: [addressOf('carol')]
	});
});

test('a blind recipient answers the writer alone', () => {
	const blind = messageIn('roof', 1, { mail: { to: [partyOf('carol')], blind: true } });
	expect(answer('replyAll', blind)).toMatchObject({ to: [addressOf('bob')], cc: [] });
});

test('a forwarded message carries its text, for nobody yet, and its markup stays text', () => {
	const message = messageIn('roof', 1, { mail: { text: '<b>1 & 2</b>', subject: 'Fwd: <i>' } });
	const { draft, to } = answer('forward', message);
	expect(to).toEqual([]);
	expect(draft.subject).toBe('Fwd: <i>');
	expect(draft.html).toContain('&lt;b&gt;1 &amp; 2&lt;/b&gt;');
	expect(draft.html).toContain('Subject: Fwd: &lt;i&gt;');
	expect(draft.text).toContain('> <b>1 & 2</b>');
});

test('what is forwarded says how people call themselves, not how their reader does', () => {
	const called = peopleWith(contactOf('bob', { alias: 'Bob the bore' }));
	const origin = { kind: 'forward', threadId: toThree.thread, messageId: toThree.id } as const;
	const draft = newDraft(desk, called, origin, toThree);
	expect(draft.html + draft.text).toContain('Bob');
	expect(draft.html + draft.text).not.toContain('bore');
});

test('what names a recipient is read back', () => {
	const address = `bob@${addressOf('bob')}.ipns`;
	for (const name of ['Bob', '', 'a "quoted" <name>', 'Kessler, Mira']) {
		const reading = readRecipient(formatRecipient(name, address));
		expect(reading).toMatchObject({ kind: 'address', address: addressOf('bob') });
	}
});

test('what is forwarded is headed in the language of who forwards it', () => {
	const message = messageIn('roof', 1);
	const head = {
		title: 'Weitergeleitete Nachricht',
		from: (name: string) => `Von: ${name}`,
		date: (at: number) => `Datum: ${String(at)}`,
		to: (names: readonly string[]) => `An: ${names.join(' und ')}`,
		subject: (subject: string) => `Betreff: ${subject}`
	};
	const origin = {
		kind: 'forward',
		threadId: message.thread,
		messageId: message.id,
		head
	} as const;
	const late = { ...message, mail: { ...message.mail, date: Number.MAX_SAFE_INTEGER } };
	const { text, html } = newDraft(desk, people, origin, late);
	expect(text).toMatch(/^\n\nWeitergeleitete Nachricht\nVon: .*\nDatum: 8640000000000000\nAn: /);
	expect(html).toContain('<div>Betreff: ');
	expect(html).not.toContain('Subject');
});

test('of brought mail that is forwarded no id goes along, and what is too long goes as text', () => {
	const sha256 = new Uint8Array(32);
	const about = { name: 'a.eml', type: 'message/rfc822', size: 1, key: sha256, sha256 };
	const rest = { ...about, manifest: cidOfRaw(sha256) };
	const legacy = { rest, parts: [], size: 1, sha256 };
	const html = `<p>${'long '.repeat(30_000)}</p>`;
	const brought = messageIn('roof', 1, {
		legacy,
		mail: { html, text: 'short', subject: 'Fwd: roof' }
	});
	const { draft } = answer('forward', brought);
	expect(draft).toMatchObject({ kind: 'forward', subject: 'Fwd: roof' });
	expect(draft.thread).toBeUndefined();
	expect(draft.answers).toBeUndefined();
	expect(draft.html).toContain('short');
	expect(draft.html.length).toBeLessThan(2000);
});

test('the signature stands below what is written and above what is forwarded', () => {
	const signature = { text: 'Alice <a@k>\nRoof Ltd', isInAnswers: false };
	const fresh = newDraft(desk, people, { kind: 'new', to: [], text: 'Look' }, null, { signature });
	expect(fresh.text).toBe('Look\n\n-- \nAlice <a@k>\nRoof Ltd');
	expect(fresh.signature).toBe('-- \nAlice <a@k>\nRoof Ltd');
	expect(fresh.html).toBe(
		'<div>Look</div><div><br></div><div>--&nbsp;</div><div>Alice &lt;a@k&gt;</div><div>Roof Ltd</div>'
	);
	const message = messageIn('roof', 1);
	const to = (kind: 'reply' | 'forward', isInAnswers: boolean) => {
		const origin = { kind, threadId: message.thread, messageId: message.id };
		return newDraft(desk, people, origin, message, { signature: { ...signature, isInAnswers } });
	};
	expect(to('reply', false).text).toBe('');
	expect(to('reply', false).signature).toBeUndefined();
	expect(to('reply', true).text).toBe('\n\n-- \nAlice <a@k>\nRoof Ltd');
	const forward = to('forward', false).text;
	expect(forward.indexOf('Roof Ltd')).toBeLessThan(forward.indexOf('Forwarded message'));
	const none = newDraft(desk, people, { kind: 'new', to: [] }, null, {
		signature: { text: '  ', isInAnswers: true }
	});
	expect([none.text, none.html]).toEqual(['', '']);
	expect(none.isPlain).toBeUndefined();
	const plain = newDraft(desk, people, { kind: 'new', to: [] }, null, { signature, isPlain: true });
	expect([plain.isPlain, plain.text]).toEqual([true, '\n\n-- \nAlice <a@k>\nRoof Ltd']);
});
