import { expect, test } from 'vitest';
import type { Connection, Delivery, DeliveryState, Person } from '../../app/view.ts';
import { addressHue, initials, joinNames, shortAddress, shortNames } from './people.ts';
import {
	comingSentence,
	connectionSentence,
	courseSentence,
	doubtSentence,
	fetchingSentence,
	storageSentence
} from './sentences.ts';
import { deliverySentence, deliverySummary, whyNotThere } from './delivery.ts';

const now = new Date(2025, 10, 22, 11, 0).getTime();
const person = (name: string, address = `${name}@k`): Person => ({
	name,
	address,
	isMe: false,
	badge: 'known'
});

function delivery(name: string, state: DeliveryState, holders = 0, minutesAgo = 1): Delivery {
	const time = now - minutesAgo * 60_000;
	return { person: person(name), state, holders, times: { [state]: time }, refusal: null };
}

test('delivery of one', () => {
	const say = (one: Delivery) => deliverySentence(one, now);
	expect(say(delivery('Mira Kessler', 'delivered', 0, 2))).toBe('Mira has it, 10:58');
	expect(say(delivery('Tom', 'noticed', 3))).toBe('Tom: kept by 3 holders, told at 10:59');
	expect(say(delivery('Tom', 'noticed'))).toBe('Tom: told at 10:59, files still go out');
	expect(say(delivery('Tom', 'kept', 1))).toBe('Tom: kept by 1 holder, 10:59');
	expect(say(delivery('Tom', 'written'))).toBe('Tom: written, 10:59');
});

test('a refusal says that its writer is out', () => {
	const refused = { ...delivery('Mira', 'refused'), refusal: 'removed' } as const;
	expect(deliverySentence(refused, now)).toBe(
		'Mira refused: you are no longer in this conversation, 10:59'
	);
});

test('who joins by an answer, and who is left out', () => {
	const [mira, tom, ines, jonas] = ['Mira', 'Tom', 'Ines', 'Jonas'].map((name) => person(name));
	if (!mira || !tom || !ines || !jonas) throw new Error('four of them');
	const adds = (...added: Person[]) => courseSentence({ kind: 'adds', added });
	const parts = (...without: Person[]) => courseSentence({ kind: 'parts', without });
	expect(adds(mira)).toBe('Mira joins this conversation.');
	expect(adds(mira, tom)).toBe('Mira and Tom join this conversation.');
	expect(adds(mira, tom, ines)).toBe('Mira, Tom and 1 other join this conversation.');
	expect(parts(mira)).toBe('Continues without Mira in a new conversation.');
	expect(parts(mira, tom, ines, jonas)).toBe(
		'Continues without Mira, Tom and 2 others in a new conversation.'
	);
	expect(parts()).toBe('Continues in a new conversation.');
});

test('who came and went', () => {
	const me = { ...person('Lena'), isMe: true };
	const [mira, tom] = [person('Mira Kessler'), person('Tom Berger')];
	const say = (by: Person, added: Person[], gone: Person[]) =>
		comingSentence({ by, at: now, added, gone, before: null });
	expect(say(mira, [tom, me], [])).toBe('Mira added Tom and you');
	expect(say(me, [tom], [])).toBe('You added Tom');
	expect(say(mira, [], [mira])).toBe('Mira left');
	expect(say(me, [], [me])).toBe('You left');
	expect(say(mira, [], [tom])).toBe('Mira removed Tom');
	const told = { by: mira, at: now, added: [], gone: [me], before: null };
	expect(comingSentence({ ...told, saidBy: tom })).toBe('Tom says that Mira removed you');
});

test('delivery of several', () => {
	const say = (...all: Delivery[]) => deliverySummary(all, now);
	const mira = delivery('Mira', 'delivered');
	expect(say(mira, delivery('Tom', 'read'), delivery('Ines', 'noticed', 4))).toBe(
		'Delivered to 2 of 3, kept by 4 holders'
	);
	expect(say(mira, delivery('Tom', 'read'))).toBe('Delivered to all 2');
	expect(say(delivery('Tom', 'written'), delivery('Ines', 'written'))).toBe(
		'Written, goes out when a relay answers'
	);
	expect(say(delivery('Tom', 'kept', 2), delivery('Ines', 'noticed', 2))).toBe('Kept by 2 holders');
	expect(say(delivery('Tom', 'written'), delivery('Ines', 'noticed'))).toBe(
		'Told, files still go out'
	);
});

test('every state that is not "there" says why', () => {
	for (const state of ['written', 'kept', 'noticed', 'refused', 'expired'] as const) {
		expect(whyNotThere(delivery('Tom', state))).toMatch(/^\S.+\.$/);
	}
});

test('the connection, truthfully', () => {
	const say = (state: Connection['state'], direct: number, relayed: number) =>
		connectionSentence({ state, direct, relayed, relays: [], obstacle: null });
	expect(say('direct', 2, 1)).toBe('Connected: 2 direct, 1 by relay');
	expect(say('direct', 1, 0)).toBe('Connected: 1 direct');
	expect(say('relay', 0, 0)).toBe('Connected to the relay');
	expect(say('offline', 0, 0)).toMatch(/^Offline/);
});

test('a relay without room is said to be there, and the mail to be safe', () => {
	for (const obstacle of ['relay-full', 'quota-full'] as const) {
		const connection = { state: 'direct', direct: 1, relayed: 0, relays: [], obstacle } as const;
		expect(connectionSentence(connection)).toBe('The relay has no room');
		expect(connectionSentence({ ...connection, state: 'offline' })).toMatch(/^Offline/);
		expect(whyNotThere(delivery('Tom', 'written'), obstacle)).toMatch(/safe on this device.*room/);
		const files = whyNotThere(delivery('Tom', 'noticed'), obstacle);
		expect(files).toMatch(/^Tom has been told.*files are sealed and safe on this device.*no room/);
		expect(whyNotThere(delivery('Tom', 'noticed', 1), obstacle)).toBe(
			whyNotThere(delivery('Tom', 'noticed', 1))
		);
	}
});

test('storage and progress', () => {
	const storage = {
		usedBytes: 12_000_000,
		quotaBytes: 1e9,
		erases: true,
		isPersisted: true,
		isFull: false,
		persist: () => Promise.resolve(true)
	};
	const office = { usedBytes: 120e6, quotaBytes: 500e6 };
	expect(storageSentence({ ...storage, office })).toBe('120 of 500 MB kept for you');
	expect(storageSentence({ ...storage, office: null })).toBe('12 MB on this device');
	expect(fetchingSentence(0.389, 2)).toBe('Fetching 38 % from 2 holders');
	expect(fetchingSentence(0, 0)).toBe('Waiting for someone who has it');
	expect(fetchingSentence(0.389, 0)).toBe('38 % is here. Waiting for someone who has the rest');
});

test('names', () => {
	const mira = person('Mira Kessler');
	expect(shortNames([mira, person('Tom')])).toEqual(['Mira', 'Tom']);
	expect(shortNames([mira, person('Mira Voss')])).toEqual(['Mira Kessler', 'Mira Voss']);
	expect(joinNames(['Mira', 'Tom', 'you'])).toBe('Mira, Tom and you');
	expect(initials(mira)).toBe('MK');
	expect(initials(person('Ольга'))).toBe('О');
	expect(initials(person('👩‍🌾 (*)'))).toBe('?');
	expect(shortAddress(`mira@${'k'.repeat(62)}.ipns`)).toBe('mira@kkkkkkkkkk…');
	expect(addressHue('mira@k')).toBe(addressHue('mira@k'));
});

test('a signature that is not the writer’s', () => {
	expect(doubtSentence({ kind: 'wrong-signature', name: 'Elias Voss' }, now)).toBe(
		'Signed as if it were on the record, but not with the key of Elias: it proves nothing'
	);
});
