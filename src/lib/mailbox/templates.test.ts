import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { encodeFields } from '../wire/codec.ts';
import { readOwn } from './own-list.ts';
import { TEMPLATE_BYTES, TEMPLATES_MAX } from './template-limits.ts';
import { removeTemplate, saveTemplate, TEMPLATES } from './templates.ts';

const THANKS = { name: 'Thanks', subject: 'Thank you', html: '<div>Dear</div>', text: 'Dear' };

async function setUp(...fields: readonly Partial<typeof THANKS>[]) {
	const desk = createDesk();
	for (const one of fields) await saveTemplate(desk, null, { ...THANKS, ...one });
	const all = () => readOwn(desk.store, TEMPLATES);
	return { desk, all };
}

test('it is kept under its name, which is one line, and changed in its place', async () => {
	const { desk, all } = await setUp({ name: '  Thank\n you \u202e' });
	const [first] = await all();
	expect(first).toMatchObject({ name: 'Thank you', subject: 'Thank you', text: 'Dear' });
	const done = await saveTemplate(desk, first?.id ?? '', { ...THANKS, text: 'Dearest' });
	expect(done).toEqual({ ok: true, id: first?.id });
	expect((await all()).map(({ name, text }) => [name, text])).toEqual([['Thanks', 'Dearest']]);
});

test('what was deleted in another tab while it was changed is not lost', async () => {
	const { desk, all } = await setUp({});
	const [first] = await all();
	await removeTemplate(desk, first?.id ?? '');
	await saveTemplate(desk, first?.id ?? '', { ...THANKS, text: 'Dearest' });
	expect((await all()).map(({ text }) => text)).toEqual(['Dearest']);
});

test('a name is neither empty nor taken, whatever its case', async () => {
	const { desk, all } = await setUp({});
	const save = (name: string) => saveTemplate(desk, null, { ...THANKS, name });
	expect(await save(' \u200e ')).toEqual({ ok: false, problem: 'no-name' });
	expect(await save('THANKS')).toEqual({ ok: false, problem: 'name-taken' });
	expect(await save('x'.repeat(61))).toEqual({ ok: false, problem: 'too-long' });
	expect(await all()).toHaveLength(1);
});

test('what is too long is refused, not cut', async () => {
	const { desk, all } = await setUp();
	const save = (text: string) => saveTemplate(desk, null, { ...THANKS, html: '', text });
	const room = TEMPLATE_BYTES - THANKS.subject.length;
	expect(await save('é'.repeat(room / 2 + 1))).toEqual({ ok: false, problem: 'too-long' });
	expect((await save('x'.repeat(room))).ok).toBe(true);
	expect(await all()).toHaveLength(1);
});

test('one that was removed comes back as it was, though others have taken its place', async () => {
	const many = Array.from({ length: TEMPLATES_MAX }, (_, at) => ({ name: `Letter ${String(at)}` }));
	const { desk, all } = await setUp(...many);
	const [first] = await all();
	expect(await saveTemplate(desk, null, THANKS)).toEqual({ ok: false, problem: 'too-many' });
	const undo = await removeTemplate(desk, first?.id ?? '');
	expect((await saveTemplate(desk, null, THANKS)).ok).toBe(true);
	await undo();
	await undo();
	const names = (await all()).map(({ name }) => name);
	expect(names).toHaveLength(TEMPLATES_MAX + 1);
	expect(names).toContain('Letter 0');
});

test('of what somebody else has put into the row nothing is shown that is none', async () => {
	const { desk, all } = await setUp({});
	const [good] = await all();
	const value = encodeFields({
		all: [
			{ ...good, text: 'x'.repeat(TEMPLATE_BYTES) },
			{ ...good, name: '' },
			{ ...good, html: 7 },
			'Thanks',
			good
		]
	});
	await desk.store.commit([{ table: 'setting', key: ['templates'], put: { value } }]);
	expect(await all()).toEqual([good]);
});
