/**
 * Notices that wait, in memory only: a restart empties them, the word of the run changes, and the
 * senders' offices knock again (protocol §6.3). A slot holds one notice for each knock.
 */

import { LIMITS } from '../../src/lib/wire/limits.ts';
import { BOUNDS } from './bounds.ts';

export interface Notice {
	/** Owner of the slot, in hex, as all ids here. */
	readonly root: string;
	readonly slot: string;
	readonly knock: string;
	/** SHA-256 of `sealed`. */
	readonly hash: string;
	readonly sealed: Uint8Array;
	readonly pass: 'token' | 'stamp' | 'none';
	/** Came to the public slot, where strangers without a pass have less room. */
	readonly isPublic: boolean;
}

export interface Notices {
	readonly size: number;
	get(slot: string, knock: string): Notice | null;
	/** Would `put` take it? A full slot refuses and never evicts. */
	hasRoom(notice: Notice): boolean;
	/** Takes the place of the one with the same knock. Only after `hasRoom`. */
	put(notice: Notice): void;
	of(root: string): readonly Notice[];
	/** Removes those of this owner. */
	remove(root: string, hashes: ReadonlySet<string>): void;
	/** Removes all of a slot. */
	burn(slot: string): void;
}

export function createNotices(): Notices {
	const bySlot = new Map<string, Map<string, Notice>>();
	const byRoot = new Map<string, Set<Notice>>();
	let size = 0;

	function forget(notice: Notice): void {
		const ofSlot = bySlot.get(notice.slot);
		const ofRoot = byRoot.get(notice.root);
		ofSlot?.delete(notice.knock);
		ofRoot?.delete(notice);
		if (ofSlot?.size === 0) bySlot.delete(notice.slot);
		if (ofRoot?.size === 0) byRoot.delete(notice.root);
		size--;
	}

	return {
		get size() {
			return size;
		},
		get: (slot, knock) => bySlot.get(slot)?.get(knock) ?? null,
		hasRoom(notice) {
			const ofSlot = bySlot.get(notice.slot);
			if (ofSlot?.has(notice.knock) === true) return true;
			if ((byRoot.get(notice.root)?.size ?? 0) >= BOUNDS.noticesPerAddress) return false;
			if ((ofSlot?.size ?? 0) >= LIMITS.slotNotices || size >= BOUNDS.notices) return false;
			return !isStranger(notice) || count(ofSlot, isStranger) < LIMITS.publicSlotNotices;
		},
		put(notice) {
			const before = bySlot.get(notice.slot)?.get(notice.knock);
			if (before !== undefined) forget(before);
			const ofSlot = bySlot.get(notice.slot) ?? new Map<string, Notice>();
			const ofRoot = byRoot.get(notice.root) ?? new Set<Notice>();
			bySlot.set(notice.slot, ofSlot.set(notice.knock, notice));
			byRoot.set(notice.root, ofRoot.add(notice));
			size++;
		},
		of: (root) => [...(byRoot.get(root) ?? [])],
		remove(root, hashes) {
			for (const notice of byRoot.get(root) ?? []) {
				if (hashes.has(notice.hash)) forget(notice);
			}
		},
		burn(slot) {
			for (const notice of bySlot.get(slot)?.values() ?? []) forget(notice);
		}
	};
}

function isStranger(notice: Notice): boolean {
	return notice.isPublic && notice.pass === 'none';
}

function count(
	notices: ReadonlyMap<string, Notice> | undefined,
	counts: (notice: Notice) => boolean
): number {
	return [...(notices?.values() ?? [])].filter(counts).length;
}
