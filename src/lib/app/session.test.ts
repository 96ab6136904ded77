import { expect, test } from 'vitest';
import { phraseToWords } from '../identity/phrase.ts';
import { Secret } from '../crypto/secret.ts';
import { SessionState } from './session.svelte.ts';

const WORDS = phraseToWords(new Secret(new Uint8Array(32).fill(9)));

function setUp() {
	const made: { name: string; phrase: Uint8Array | null }[] = [];
	const accepted: string[] = [];
	const session = new SessionState({
		create: async (name, phrase) => void made.push({ name, phrase: phrase?.reveal() ?? null }),
		accept: async ({ token }) => void accepted.push(token)
	});
	return { session, made, accepted };
}

test('beginning with an invite ends ready, with the inviter accepted', async () => {
	const { session, made, accepted } = setUp();
	expect(session.phase).toEqual({ at: 'starting' });
	await session.begin('Bob', { name: 'Alice', address: 'a', token: '#i=x' });
	expect(session.phase).toEqual({ at: 'ready' });
	expect([made, accepted]).toEqual([[{ name: 'Bob', phrase: null }], ['#i=x']]);
});

test('the words as people write them down', async () => {
	const { session, made } = setUp();
	const typed = WORDS.map((word, at) => `${String(at + 1)}. ${word.toUpperCase()}`).join('\n');
	expect(await session.restore(typed, 'Bob')).toEqual({ ok: true });
	expect(made[0]?.phrase).toEqual(new Uint8Array(32).fill(9));
});

test('what is wrong with the words', async () => {
	const { session, made } = setUp();
	expect(await session.restore(WORDS.slice(1).join(' '), '')).toEqual({
		...{ ok: false, problem: 'word-count', count: 23 }
	});
	const odd = [...WORDS.slice(0, 5), 'Xylofone', ...WORDS.slice(6)].join(' ');
	expect(await session.restore(odd, '')).toEqual({
		...{ ok: false, problem: 'unknown-word', word: 'Xylofone' }
	});
	const mixed = [WORDS[1], WORDS[0], ...WORDS.slice(2)].join(' ');
	expect(await session.restore(mixed, '')).toEqual({ ok: false, problem: 'checksum' });
	expect(made).toEqual([]);
	expect(session.phase.at).toBe('starting');
});
