import { describe, expect, it, vi } from 'vitest';
import { nobleSuite } from '../crypto/noble.ts';
import { Secret } from '../crypto/secret.ts';
import { Unreachable, type Office, type OfficeAccount } from '../post/ports.ts';
import { concat, fromBase64url, utf8 } from '../wire/bytes.ts';
import { cidOfRaw } from '../wire/codec.ts';
import { frame, readFrames } from '../wire/frame.ts';
import { cidToBlockId, cidToEntryId, rootKeyToAddress } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import {
	ancestorsDecoder,
	authDecoder,
	encodeObject,
	enrolmentDecoder,
	enrolmentToSign,
	requestToSign
} from '../wire/office.ts';
import { sortCids } from '../wire/entry.ts';
import { createOffices } from './office.ts';
import { Refused } from './http.ts';

const NOW = 1_700_000_000_000;
const PEER = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo';
const OTHER_PEER = '12D3KooWLRPJAA5o6wZQyZcU8xXrPBWsGiHDXFJmxFQr8wEqJyVC';
const alice = rootKeyToAddress(new Uint8Array(32).fill(7));
const device = await nobleSuite.signer(new Secret(new Uint8Array(32).fill(3)));
const account: OfficeAccount = { root: new Uint8Array(32).fill(7), device };

interface Asked {
	readonly method: string;
	readonly path: string;
	readonly body: Uint8Array;
	readonly authorization: string | null;
	readonly init: RequestInit;
}

const terms = (office = PEER, boot = 'b1') => ({
	version: 1,
	office,
	addresses: [],
	stun: [],
	publicUrl: 'https://post.example',
	boot,
	register: 'open',
	quotaBytes: 1,
	noticesPerMinute: 1,
	keptDays: 1
});

/** An office whose answers the test writes; terms are answered unless the test does. */
function officeOf(answer: (asked: Asked) => Response | Promise<Response>): {
	office: Office;
	log: Asked[];
} {
	const log: Asked[] = [];
	const fetch = async (url: string, init: RequestInit): Promise<Response> => {
		const path = url.slice('https://post.example/base'.length);
		const body = init.body instanceof Uint8Array ? init.body : new Uint8Array(0);
		const authorization = new Headers(init.headers).get('authorization');
		const asked = { method: init.method ?? '', path, body, authorization, init };
		log.push(asked);
		return answer(asked);
	};
	const ground = {
		suite: nobleSuite,
		random: (size: number) => new Uint8Array(size),
		now: () => NOW
	};
	return { office: createOffices({ ...ground, fetch })('https://post.example/base/'), log };
}

const isTerms = ({ path }: Asked): boolean => path === '/.well-known/defms.json';
const refusal = (status: number, reason: string): Response =>
	new Response(encodeObject('refusal', { reason }), { status });
const framed = (...payloads: Uint8Array[]): Response =>
	new Response(concat(...payloads.map(frame)));

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
	const items: T[] = [];
	for await (const item of list) items.push(item);
	return items;
}

describe('signed requests', () => {
	it('sign path, query, body and audience, without cookies, cache or redirect', async () => {
		const { office, log } = officeOf((asked) =>
			isTerms(asked) ? Response.json(terms()) : new Response(null, { status: 204 })
		);
		const secrets = [new Uint8Array(32).fill(1)];
		expect(await office.openSlots(account, secrets, { isPublic: true })).toMatchObject({
			ok: true
		});
		const asked = log[1];
		expect(asked?.init).toMatchObject({
			credentials: 'omit',
			redirect: 'error',
			cache: 'no-store'
		});
		const [scheme, text] = asked?.authorization?.split(' ') ?? [];
		expect(scheme).toBe('DEFMS1');
		const auth = authDecoder.decode(fromBase64url(text ?? '') ?? new Uint8Array(0));
		if (!auth.ok || asked === undefined) throw new Error('no auth object');
		const { root, time, nonce, sig } = auth.value;
		expect(time).toBe(NOW);
		const bodyHash = await nobleSuite.sha256(asked.body);
		const { method, path } = asked;
		const message = requestToSign({ office: PEER, method, path, bodyHash, root, time, nonce });
		expect(path).toBe('/v1/slots');
		expect(await nobleSuite.verify(device.publicKey, message, sig)).toBe(true);
	});

	it('ask the terms once, and again when the office has another key', async () => {
		let key = PEER;
		const { office, log } = officeOf(async (asked) => {
			if (isTerms(asked)) return Response.json(terms(key));
			const enrolment = enrolmentDecoder.decode(asked.body);
			if (!enrolment.ok) return refusal(400, enrolment.reason);
			const message = enrolmentToSign(key, enrolment.value);
			const isRight = await nobleSuite.verify(device.publicKey, message, enrolment.value.sig);
			return isRight ? new Response(null, { status: 204 }) : refusal(401, 'wrong-signature');
		});
		const sign = async (message: Uint8Array) => device.sign(message);
		expect(await office.enrol(account, sign)).toMatchObject({ ok: true });
		expect(await office.enrol(account, sign)).toMatchObject({ ok: true });
		expect(log.filter(isTerms)).toHaveLength(1);
		key = OTHER_PEER;
		expect(await office.enrol(account, sign)).toMatchObject({ ok: true });
		expect(log.filter(isTerms)).toHaveLength(2);
	});

	it("are dated by the office's clock, where ours is wrong", async () => {
		const theirs = NOW + 3 * 3_600_000;
		const { office, log } = officeOf((asked) =>
			isTerms(asked)
				? Response.json(terms(), { headers: { date: new Date(theirs).toUTCString() } })
				: new Response(null, { status: 204 })
		);
		const hash = new Uint8Array(32);
		await office.allowToken(account, { hash, uses: 1, until: 1 });
		await office.enrol(account, async (message) => device.sign(message));
		const text = log[1]?.authorization?.split(' ')[1] ?? '';
		const auth = authDecoder.decode(fromBase64url(text) ?? new Uint8Array(0));
		const enrolment = enrolmentDecoder.decode(log[2]?.body ?? new Uint8Array(0));
		expect(auth.ok && auth.value.time).toBe(theirs);
		expect(enrolment.ok && enrolment.value.time).toBe(theirs);
	});

	it('are not repeated where the office is the same', async () => {
		const { office, log } = officeOf((asked) =>
			isTerms(asked) ? Response.json(terms()) : refusal(401, 'not-enrolled')
		);
		const answer = await office.allowToken(account, {
			hash: new Uint8Array(32),
			uses: 1,
			until: 1
		});
		expect(answer).toEqual({ ok: false, reason: 'not-enrolled' });
		expect(log.filter((asked) => !isTerms(asked))).toHaveLength(1);
	});
});

describe('answers', () => {
	const cases: Record<string, () => Response> = {
		'no network': () => {
			throw new TypeError('fetch failed');
		},
		'a 502 of a proxy': () => new Response('<html>', { status: 502 }),
		'a reason that is none': () => refusal(400, 'because'),
		'a page instead of an object': () => new Response('<html>login</html>'),
		'too much': () => new Response(new Uint8Array(64 * 1024))
	};
	for (const [name, answer] of Object.entries(cases)) {
		it(`of ${name} are "unreachable"`, async () => {
			const { office } = officeOf((asked) => (isTerms(asked) ? Response.json(terms()) : answer()));
			await expect(office.find(alice)).rejects.toBeInstanceOf(Unreachable);
		});
	}

	it('to the terms must be terms', async () => {
		const { office } = officeOf(() => Response.json({ ...terms(), office: 'nobody' }));
		await expect(office.terms()).rejects.toBeInstanceOf(Unreachable);
	});

	it('with a reason are values, whatever their status', async () => {
		const { office } = officeOf((asked) =>
			isTerms(asked) ? Response.json(terms()) : refusal(507, 'disk-full')
		);
		expect(await office.publish(alice, utf8('x'))).toEqual({ ok: false, reason: 'disk-full' });
	});

	it('that the port cannot say are thrown with their reason', async () => {
		const { office } = officeOf((asked) =>
			isTerms(asked) ? Response.json(terms()) : refusal(401, 'not-enrolled')
		);
		const error: unknown = await office.pending(account).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(Unreachable);
		expect(error).toBeInstanceOf(Refused);
		expect(error).toMatchObject({ reason: 'not-enrolled' });
	});

	it('of an unknown address are null', async () => {
		const { office } = officeOf((asked) =>
			isTerms(asked) ? Response.json(terms()) : refusal(404, 'not-found')
		);
		expect(await office.find(alice)).toBeNull();
	});

	it('leave the abort of the caller what it is', async () => {
		const controller = new AbortController();
		const { office } = officeOf(async (asked) => {
			if (isTerms(asked)) return Response.json(terms());
			controller.abort(new Error('enough'));
			throw new DOMException('aborted', 'AbortError');
		});
		const finding = office.find(alice, { signal: controller.signal });
		await expect(finding).rejects.toThrow('enough');
	});
});

describe('blocks', () => {
	const data = [utf8('one'), utf8('two'), utf8('three')];
	const blocks = data.map((bytes) => ({ cid: cidOfRaw(bytes), data: bytes }));
	const frames = blocks.map((block) => encodeObject('block', block));
	const ids = blocks.map(({ cid }) => cidToBlockId(cid));

	it('come once each, verified, and only those that were asked', async () => {
		const [one, two, three] = blocks;
		if (!one || !two || !three) throw new Error('three blocks');
		const forged = encodeObject('block', { cid: two.cid, data: one.data });
		const { office } = officeOf((asked) =>
			isTerms(asked)
				? Response.json(terms())
				: framed(forged, ...frames, encodeObject('block', { ...one }))
		);
		const got = await all(office.fetch(ids.slice(0, 2)));
		expect(got.map(({ cid }) => cidToBlockId(cid))).toEqual(ids.slice(0, 2));
	});

	it('cut in the middle are "unreachable", after what came whole', async () => {
		const { office } = officeOf((asked) =>
			isTerms(asked)
				? Response.json(terms())
				: new Response(concat(frame(frames[0] ?? utf8('')), Uint8Array.of(0, 0)))
		);
		const got: unknown[] = [];
		const taking = (async () => {
			for await (const block of office.fetch(ids)) got.push(block);
		})();
		await expect(taking).rejects.toBeInstanceOf(Unreachable);
		expect(got).toHaveLength(1);
	});

	it('are kept in requests of the announced size', async () => {
		const { office, log } = officeOf((asked) =>
			isTerms(asked) ? Response.json(terms()) : new Response(null, { status: 204 })
		);
		const many = Array.from({ length: 100 }, (_, i) => {
			const bytes = new Uint8Array(200_000).fill(i);
			return { v: 1 as const, t: 'block' as const, cid: cidOfRaw(bytes), data: bytes };
		});
		expect(await office.keep(account, many)).toMatchObject({ ok: true });
		const bodies = log.filter(({ path }) => path === '/v1/blocks').map(({ body }) => body);
		const counts = bodies.map((body) => {
			expect(body.length).toBeLessThanOrEqual(LIMITS.blocksRequestBytes);
			const read = readFrames(body, LIMITS.frameBytes);
			return read.ok ? read.value.length : -1;
		});
		expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100);
		expect(counts.length).toBe(3);
	});
});

describe('ancestors', () => {
	it('are asked on until an answer is not full', async () => {
		const cids = Array.from({ length: LIMITS.ancestorsPerAnswer + 2 }, (_, i) =>
			cidOfRaw(Uint8Array.of(i >> 8, i))
		);
		const [thread = cids[0], ...rest] = cids;
		if (thread === undefined) throw new Error('a thread');
		const headers = [thread, ...rest].map((parent, i) =>
			encodeObject('entry', {
				thread,
				parents: sortCids([parent]),
				epoch: thread,
				salt: new Uint8Array(32).fill(i),
				body: new Uint8Array(32)
			})
		);
		const bundles = headers.map((header) =>
			encodeObject('bundle-of-entry', { header, body: null, wraps: [] })
		);
		const asks: number[] = [];
		const { office } = officeOf((asked) => {
			if (isTerms(asked)) return Response.json(terms());
			const request = ancestorsDecoder.decode(asked.body);
			if (!request.ok) return refusal(400, request.reason);
			asks.push(request.value.have.length);
			return framed(
				...(asks.length === 1
					? bundles.slice(0, LIMITS.ancestorsPerAnswer)
					: bundles.slice(LIMITS.ancestorsPerAnswer - 1))
			);
		});
		const got = await all(office.ancestors([cidToEntryId(thread)], []));
		expect(got.map(({ header }) => header)).toEqual(headers);
		expect(asks).toEqual([0, LIMITS.haveHeads]);
	});
});

describe('events', () => {
	it('skip what they do not know and what does not hash', async () => {
		const sealed = new Uint8Array(LIMITS.noticeBytes);
		const hash = await nobleSuite.sha256(sealed);
		const knocked = { slot: new Uint8Array(32), hash, knock: new Uint8Array(32), sealed };
		const sent = { knock: new Uint8Array(32), hash, state: 'noticed', time: 5 };
		const { office, log } = officeOf((asked) =>
			isTerms(asked)
				? Response.json(terms())
				: framed(
						encodeObject('ping', { boot: 'b2' }),
						encodeObject('knocked', { ...knocked, pass: 'none' }),
						encodeObject('knocked', { ...knocked, hash: new Uint8Array(32), pass: 'none' }),
						encodeObject('tomorrow', {}),
						encodeObject('sent', sent)
					)
		);
		const came = await all(office.events(account, { once: true }));
		expect(came.map(({ t }) => t)).toEqual(['knocked', 'sent']);
		await all(office.events(account, { once: false }));
		// The first answer named another run of the office.
		expect(log.map(({ path }) => path)).toEqual([
			'/.well-known/defms.json',
			'/v1/events?once=1',
			'/.well-known/defms.json',
			'/v1/events?since=b1'
		]);
	});
});

describe('an office that gives a byte now and then', () => {
	it('is given up where its answer is a small one', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
		try {
			const { office } = officeOf(({ init }) => {
				const body = new ReadableStream<Uint8Array>({
					start(controller) {
						const drip = setInterval(() => controller.enqueue(Uint8Array.of(0)), 20_000);
						init.signal?.addEventListener('abort', () => {
							clearInterval(drip);
							controller.error(new TypeError('aborted'));
						});
					}
				});
				return new Response(body);
			});
			let end: unknown = 'waits';
			office.find(alice).then(
				() => (end = 'found'),
				(error: unknown) => (end = error)
			);
			await vi.advanceTimersByTimeAsync(100_000);
			expect(end).toBeInstanceOf(Unreachable);
		} finally {
			vi.useRealTimers();
		}
	});
});
