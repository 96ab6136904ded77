/** What becomes of new entries that others are to have: their part of an outbox record. */

import { slotOf } from '../threads/members.ts';
import { sinceOwn } from '../threads/since-own.ts';
import type { ThreadState } from '../threads/thread.ts';
import { entryIdOf, headerDecoder, type EntryBundle } from '../wire/entry.ts';
import { cidToEntryId, type Address, type EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Account } from './account.ts';
import type { Correspondent } from './contacts.ts';
import { planKnock } from './knock.ts';
import type { OutboxFile, OutboxRecord } from './records.ts';

export interface Announcement {
	/** After them. */
	readonly state: ThreadState;
	/** Parents first. */
	readonly bundles: readonly EntryBundle[];
	readonly people: readonly Correspondent[];
	/** The secret of the notices to each. */
	readonly dones: Readonly<Record<Address, Uint8Array>>;
	readonly introduction: string;
	/** Attachments that go out with it. */
	readonly files: readonly OutboxFile[];
	/** For those who were added: what came before. */
	readonly past?: Past;
}

interface Past {
	readonly entries: readonly EntryId[];
	readonly for: readonly Address[];
}

export function announce(
	{ root }: Account,
	{ state, bundles, people, dones, introduction, files, ...rest }: Announcement
): Omit<OutboxRecord, 'id' | 'shownIn' | 'message' | 'createdAt'> {
	const fresh = bundles.map(({ header }) => entryIdOf(header));
	const past = rest.past ?? othersBefore(state, root, fresh);
	return {
		thread: state.id,
		entries: [...past.entries, ...fresh],
		...(past.entries.length > 0 && { past: { count: past.entries.length, for: past.for } }),
		epoch: epochOf(bundles.at(-1)?.header),
		introduction,
		blocks: [],
		...(files.length > 0 && { files }),
		kept: 0,
		isKept: false,
		knocks: people.flatMap(({ address, root: to, contact, card }) => {
			const done = dones[address];
			if (done === undefined || contact.seat === 'opened') return [];
			return [planKnock({ contact, card, threadSlot: slotOf(state, to), done })];
		})
	};
}

/**
 * What others wrote since our last own entry, in part: our office has the rest. Without it whoever wrote
 * could hold up all answers, by giving its words to some alone, or by losing its office.
 */
function othersBefore(state: ThreadState, root: Uint8Array, fresh: readonly EntryId[]): Past {
	return { entries: sinceOwn(state, root, fresh, LIMITS.othersEntries), for: [] };
}

/** The epoch in which the entry is sealed, or which it is. */
export function epochOf(header: Uint8Array | undefined): EntryId {
	const decoded = header === undefined ? null : headerDecoder.decode(header);
	if (header === undefined || decoded?.ok !== true)
		throw new Error('what is announced has a header');
	return decoded.value.t === 'epoch' ? entryIdOf(header) : cidToEntryId(decoded.value.epoch);
}
