import { expect, test } from 'vitest';
import { createDesk } from '../../../tests/mailbox/records.ts';
import { readOwn } from './own-list.ts';
import { GROUP_CHARACTERS, GROUP_MEMBERS_MAX } from './people-limits.ts';
import { changeMembers, createGroup, GROUPS, removeGroup, renameGroup } from './groups.ts';

async function deskWithChoir() {
	const desk = createDesk();
	const choir = (await createGroup(desk, ' Choir ', ['alice', 'bob', 'alice'])) ?? '';
	const read = () => readOwn(desk.store, GROUPS);
	return { desk, choir, read };
}

test('a group has a name of one line and each member once', async () => {
	const { choir, read } = await deskWithChoir();
	expect(await read()).toEqual([{ id: choir, name: 'Choir', members: ['alice', 'bob'] }]);
});

test('no two of one name, none without a name that can be seen, none too large', async () => {
	const { desk, choir } = await deskWithChoir();
	expect(await createGroup(desk, 'choir', [])).toBeNull();
	expect(await createGroup(desk, ' \u202e ', [])).toBeNull();
	expect(await createGroup(desk, 'x'.repeat(GROUP_CHARACTERS + 1), [])).toBeNull();
	const many = Array.from({ length: GROUP_MEMBERS_MAX + 1 }, (_, at) => String(at));
	expect(await createGroup(desk, 'Many', many)).toBeNull();
	const roof = (await createGroup(desk, 'Roof', [])) ?? '';
	expect(await renameGroup(desk, roof, 'CHOIR')).toBe(false);
	expect(await renameGroup(desk, choir, 'CHOIR')).toBe(true);
	expect(await renameGroup(desk, choir, 'CHOIR'), 'as it is').toBe(true);
	expect(await renameGroup(desk, 'gone', 'Other')).toBe(false);
	expect(await changeMembers(desk, roof, { add: many })).toBeNull();
});

test('members come and go, and taking it back leaves what came since', async () => {
	const { desk, choir, read } = await deskWithChoir();
	const undo = await changeMembers(desk, choir, { add: ['bob', 'carol'], remove: ['alice'] });
	await changeMembers(desk, choir, { add: ['dave'] });
	expect((await read())[0]?.members).toEqual(['bob', 'carol', 'dave']);
	await undo?.();
	expect((await read())[0]?.members).toEqual(['bob', 'dave', 'alice']);
	expect(await changeMembers(desk, 'gone', { add: ['bob'] })).toBeNull();
});

test('a removed group comes back with what it held, once', async () => {
	const { desk, choir, read } = await deskWithChoir();
	const before = await read();
	const undo = await removeGroup(desk, choir);
	expect(await read()).toEqual([]);
	await undo();
	await undo();
	expect(await read()).toEqual(before);
});
