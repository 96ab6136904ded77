/**
 * Messages that are being written beside everything else, on a screen with room for it: each a title at
 * the lower edge, or a window above it. Of this tab alone, and for its reloads; the drafts themselves stand
 * in storage.
 */

export interface Docked {
	readonly id: string;
	/** As a window; else a title alone. */
	readonly isOpen: boolean;
}

const KEY = 'defms-dock';
/** More titles could not be read; who goes is a draft like others. */
const LIMIT = 6;
const WINDOW_PX = 520;

class Dock {
	#all = $state.raw<readonly Docked[]>(readKept());
	/** Its title takes the focus when it appears. */
	#focusing: string | null = null;

	/** The newest last. */
	get all(): readonly Docked[] {
		return this.#all;
	}

	has(id: string): boolean {
		return this.#all.some((one) => one.id === id);
	}

	/** `isOpen`: as a window, for which others may have to make room. */
	put(id: string, isOpen: boolean): void {
		const known = this.#all.filter((one) => one.id !== id);
		this.#keep(this.#fitting([...known, { id, isOpen }].slice(-LIMIT), id));
	}

	open(id: string): void {
		if (!this.has(id)) return;
		const all = this.#all.map((one) => (one.id === id ? { id, isOpen: true } : one));
		this.#keep(this.#fitting(all, id));
	}

	minimise(id: string): void {
		this.#keep(this.#all.map((one) => (one.id === id ? { id, isOpen: false } : one)));
	}

	/** It is a draft like others. */
	remove(id: string): void {
		if (this.has(id)) this.#keep(this.#all.filter((one) => one.id !== id));
	}

	focusLater(id: string): void {
		this.#focusing = id;
	}

	/** Once. */
	takesFocus(id: string): boolean {
		if (this.#focusing !== id) return false;
		this.#focusing = null;
		return true;
	}

	/** As many windows as stand side by side; the one that was asked for, and then the newest. */
	#fitting(all: readonly Docked[], asked: string): readonly Docked[] {
		const room = Math.max(1, Math.floor(innerWidth / WINDOW_PX) - 1);
		const open = all.filter((one) => one.isOpen && one.id !== asked).map(({ id }) => id);
		const staying = new Set([asked, ...(room > 1 ? open.slice(1 - room) : [])]);
		return all.map(({ id, isOpen }) => ({ id, isOpen: isOpen && staying.has(id) }));
	}

	#keep(all: readonly Docked[]): void {
		this.#all = all;
		try {
			sessionStorage.setItem(KEY, all.map(({ id }) => id).join(' '));
		} catch {
			// Storage is refused: after a reload they are drafts like others.
		}
	}
}

function readKept(): readonly Docked[] {
	try {
		const ids = (sessionStorage.getItem(KEY) ?? '').split(' ').filter(Boolean);
		return ids.slice(-LIMIT).map((id) => ({ id, isOpen: false }));
	} catch {
		return [];
	}
}

export const dock = new Dock();
