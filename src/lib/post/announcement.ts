/** What becomes of new entries that others are to have: their part of an outbox record. */

import { membersOf } from '../threads/members.ts';
import type { ThreadState } from '../threads/thread.ts';
import { equal } from '../wire/bytes.ts';
import { entryIdOf, headerDecoder, type EntryBundle } from '../wire/entry.ts';
import { cidToEntryId, type Address, type EntryId } from '../wire/ids.ts';
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
	readonly past?: { readonly entries: readonly EntryId[]; readonly for: readonly Address[] };
}

export function announce({
	state,
	bundles,
	people,
	dones,
	introduction,
	files,
	past = { entries: [], for: [] }
}: Announcement): Omit<OutboxRecord, 'id' | 'shownIn' | 'message' | 'createdAt'> {
	const joined = membersOf(state).filter((member) => member.joined);
	return {
		thread: state.id,
		entries: [...past.entries, ...bundles.map(({ header }) => entryIdOf(header))],
		...(past.entries.length > 0 && { past: { count: past.entries.length, for: past.for } }),
		epoch: epochOf(bundles.at(-1)?.header),
		introduction,
		blocks: [],
		...(files.length > 0 && { files }),
		kept: 0,
		isKept: false,
		knocks: people.flatMap(({ address, root, contact, card }) => {
			const member = joined.find((each) => equal(each.root, root));
			const done = dones[address];
			if (done === undefined) return [];
			return [planKnock({ contact, card, threadSlot: member?.slot ?? null, done })];
		})
	};
}

/** The epoch in which the entry is sealed, or which it is. */
export function epochOf(header: Uint8Array | undefined): EntryId {
	const decoded = header === undefined ? null : headerDecoder.decode(header);
	if (header === undefined || decoded?.ok !== true)
		throw new Error('what is announced has a header');
	return decoded.value.t === 'epoch' ? entryIdOf(header) : cidToEntryId(decoded.value.epoch);
}
