/** The lists of mail, and how many of each call for the reader. */

import { ListRows } from '../mailbox/list-rows.ts';
import { callsForReading, type ThreadList } from '../mailbox/lists.ts';
import { draftRows, isShown, sentRows, type Look } from '../mailbox/rows.ts';
import type { DraftRecord } from '../post/records.ts';
import { Recent } from './recent.ts';
import type { Shelf } from './shelf.svelte.ts';
import type { Place, Row } from './view.ts';
import { Waking } from './waking.svelte.ts';

/** Lists that stay in their order in memory: the places, and the labels that were looked at last. */
const LISTS = 8;

/** Reactive; `null` while they are read. */
export interface WrittenDrafts {
	readonly records: readonly DraftRecord[] | null;
}

export class MailLists {
	readonly #shelf: Shelf;
	readonly #drafts: WrittenDrafts;
	readonly #waking = new Waking();
	readonly #lists = new Recent<ListRows>(LISTS, () => undefined);
	readonly #inbox = $derived.by(() => this.#threadRows('inbox'));
	readonly #sent = $derived.by(() => this.#sentRows());
	readonly #archive = $derived.by(() => this.#threadRows('archive'));
	readonly #trash = $derived.by(() => this.#threadRows('trash'));
	readonly #written = $derived.by(() => this.#draftRows());
	readonly #counts = $derived.by(() => this.#count());

	constructor(shelf: Shelf, drafts: WrittenDrafts) {
		this.#shelf = shelf;
		this.#drafts = drafts;
	}

	get counts() {
		return this.#counts;
	}

	rows(place: Place): readonly Row[] | null {
		switch (place) {
			case 'inbox':
				return this.#inbox;
			case 'sent':
				return this.#sent;
			case 'drafts':
				return this.#written;
			case 'archive':
				return this.#archive;
			case 'trash':
				return this.#trash;
			case 'starred':
			case 'snoozed':
				return this.#threadRows(place);
			default:
				return isLabelPlace(place) ? this.#threadRows(place) : null;
		}
	}

	#threadRows(place: ThreadList): readonly Row[] | null {
		const { people, labels } = this.#shelf;
		const threads = place === 'inbox' ? this.#shelf.topThreads : this.#shelf.threads;
		if (people === null || threads === null) return null;
		this.#waking.watch(threads);
		const list = this.#lists.get(place, () => new ListRows(place, () => this.#toLook()));
		return list.of(threads, this.#waking.now, labels.value ?? []);
	}

	#toLook(): Look {
		const { look } = this.#shelf;
		if (look === null) throw new Error('there are no rows before people are read');
		return look;
	}

	/** Which threads have a message of mine is not known before all digests are read. */
	#sentRows(): readonly Row[] | null {
		const { look, threads } = this.#shelf;
		return look && threads && sentRows({ ...look, threads });
	}

	#draftRows(): readonly Row[] | null {
		const { people } = this.#shelf;
		const { records } = this.#drafts;
		return people === null || records === null ? null : draftRows(people, records);
	}

	#count() {
		const { threads, requests } = this.#shelf;
		const { now } = this.#waking;
		// The count stands beside every screen: what comes back is counted also where no list is shown.
		if (threads !== null) this.#waking.watch(threads);
		const unread = threads?.filter((thread) => isShown(thread) && callsForReading(thread, now));
		return {
			inbox: unread?.length ?? 0,
			drafts: this.#drafts.records?.length ?? 0,
			requests: requests.value?.length ?? 0
		};
	}
}

function isLabelPlace(place: Place): place is `label/${string}` {
	return place.startsWith('label/');
}
