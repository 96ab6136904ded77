/** The requests of the table in `wire/office.ts`: who may ask, how much, and which part answers. */

import { LIMITS } from '../src/lib/wire/limits.ts';
import { parseAddress, parseSlotId } from '../src/lib/wire/ids.ts';
import { encodeObject, type Auth } from '../src/lib/wire/office.ts';
import { accept, refuse, type Result } from '../src/lib/wire/refusal.ts';
import { findAncestors, readQuestion } from './office/ancestors.ts';
import { deleteBlocks, findBlocks, keepBlocks, missingBlocks, readCids } from './office/blocks.ts';
import { admitRequest, authenticate, enrolDevice } from './office/devices.ts';
import { findCard, publishCard } from './office/directory.ts';
import { presentDone } from './office/done.ts';
import { dropNotice, readDrop } from './office/drops.ts';
import { listenToEvents } from './office/events.ts';
import { knockOnce } from './office/knocking.ts';
import type { Office } from './office/office.ts';
import { deleteSends, findSent, keepSend, listSent } from './office/sends.ts';
import { deleteNotices, registerSlots } from './office/slots.ts';
import { allowToken } from './office/tokens.ts';

/** Nothing to say, one object, or framed objects one by one. */
export type Payload =
	| null
	| { readonly object: Uint8Array }
	| { readonly frames: Iterable<Uint8Array> | AsyncIterable<Uint8Array> };

export interface Call {
	readonly office: Office;
	/** What the path names: an address, a slot; empty in most. */
	readonly name: string;
	readonly query: URLSearchParams;
	readonly body: Uint8Array;
	/** The address whose device signed, in hex; empty for everyone else's requests. */
	readonly root: string;
	readonly signal: AbortSignal;
}

export interface Route {
	readonly method: 'GET' | 'PUT' | 'POST';
	/** Its path, where `*` is the name of something. */
	readonly path: string;
	readonly who: 'anyone' | 'device';
	/** What it counts against, besides all requests. */
	readonly limit?: 'cards' | 'devices' | 'notices';
	readonly bodyBytes: number;
	handle(call: Call): Result<Payload> | Promise<Result<Payload>>;
}

const SMALL = 32 * 1024;
const ANYONE = { who: 'anyone', bodyBytes: SMALL } as const;
const DEVICE = { who: 'device', bodyBytes: SMALL } as const;

export const ROUTES: readonly Route[] = [
	{
		...{ ...ANYONE, method: 'PUT', path: '/v1/cards/*', limit: 'cards' },
		bodyBytes: LIMITS.bundleBytes,
		handle: async ({ office, name, body }) => {
			const address = parseAddress(name);
			return address === null ? refuse('wrong-shape') : publishCard(office, address, body);
		}
	},
	{
		...{ ...ANYONE, method: 'GET', path: '/v1/cards/*' },
		handle: ({ office, name }) => {
			const address = parseAddress(name);
			return address === null ? refuse('wrong-shape') : toObject(findCard(office, address));
		}
	},
	{
		...{ ...ANYONE, method: 'POST', path: '/v1/devices', limit: 'devices' },
		handle: ({ office, body }) => enrolDevice(office, body)
	},
	{
		...{ ...DEVICE, method: 'POST', path: '/v1/blocks', bodyBytes: LIMITS.blocksRequestBytes },
		handle: ({ office, root, body }) => keepBlocks(office, root, body)
	},
	{
		...{ ...ANYONE, method: 'POST', path: '/v1/blocks/get' },
		handle: ({ office, body }) => {
			const cids = readCids(body);
			return cids.ok ? accept({ frames: encodeBlocks(office, cids.value) }) : cids;
		}
	},
	{
		...{ ...DEVICE, method: 'POST', path: '/v1/blocks/missing' },
		handle: ({ office, root, body }) => toObject(missingBlocks(office, root, body))
	},
	{
		...{ ...DEVICE, method: 'POST', path: '/v1/blocks/delete' },
		handle: ({ office, root, body }) => deleteBlocks(office, root, body)
	},
	{
		...{ ...ANYONE, method: 'POST', path: '/v1/ancestors' },
		handle: ({ office, body }) => {
			const question = readQuestion(body);
			return question.ok ? accept({ frames: findAncestors(office, question.value) }) : question;
		}
	},
	{
		...{ ...DEVICE, method: 'POST', path: '/v1/slots' },
		handle: ({ office, root, body }) => registerSlots(office, root, body)
	},
	{
		...{ ...ANYONE, method: 'POST', path: '/v1/slots/*', limit: 'notices' },
		handle: async ({ office, name, body }) => {
			const slot = parseSlotId(name);
			const note = readDrop(body);
			if (slot === null) return refuse('wrong-shape');
			if (!note.ok) return note;
			const dropped = await dropNotice(office, slot, note.value);
			return dropped.ok ? accept({ object: encodeObject('dropped', dropped.value) }) : dropped;
		}
	},
	{
		...{ ...DEVICE, method: 'GET', path: '/v1/events', bodyBytes: 0 },
		handle: ({ office, root, query, signal }) => {
			const once = query.get('once') === '1';
			return accept({ frames: listenToEvents(office, root, { once, signal }) });
		}
	},
	{
		...{ ...DEVICE, method: 'POST', path: '/v1/notices/delete' },
		handle: ({ office, root, body }) => deleteNotices(office, root, body)
	},
	{
		...{ ...DEVICE, method: 'POST', path: '/v1/invites' },
		handle: ({ office, root, body }) => allowToken(office, root, body)
	},
	{
		...{ ...DEVICE, method: 'POST', path: '/v1/sends' },
		handle: async ({ office, root, body }) => {
			const kept = await keepSend(office, root, body);
			if (!kept.ok) return kept;
			const { isOwn, knock } = kept.value;
			// Another office may take long to answer: then the device hears of it by an event.
			if (isOwn) await knockOnce(office, { root, knock });
			else office.hurry();
			return toObject(findSent(office, root, knock));
		}
	},
	{
		...{ ...DEVICE, method: 'GET', path: '/v1/sends', bodyBytes: 0 },
		handle: ({ office, root }) => accept({ frames: listSent(office, root) })
	},
	{
		...{ ...DEVICE, method: 'POST', path: '/v1/sends/delete' },
		handle: ({ office, root, body }) => deleteSends(office, root, body)
	},
	{
		...{ ...ANYONE, method: 'POST', path: '/v1/done' },
		handle: ({ office, body }) => presentDone(office, body)
	}
];

/** The root of the device that signed this request; the body is read only for an enrolled one. */
export async function identify(
	office: Office,
	auth: Auth,
	request: { readonly method: string; readonly path: string },
	readBody: () => Promise<Result<Uint8Array>>
): Promise<Result<{ readonly root: string; readonly body: Uint8Array }>> {
	const admitted = admitRequest(office, auth);
	if (!admitted.ok) return admitted;
	const body = await readBody();
	if (!body.ok) return body;
	const root = await authenticate(office, auth, { ...request, body: body.value });
	return root.ok ? accept({ root: root.value, body: body.value }) : root;
}

function* encodeBlocks(
	office: Office,
	cids: Parameters<typeof findBlocks>[1]
): Generator<Uint8Array> {
	for (const { cid, data } of findBlocks(office, cids)) yield encodeObject('block', { cid, data });
}

function toObject(result: Result<Uint8Array>): Result<Payload> {
	return result.ok ? accept({ object: result.value }) : result;
}
