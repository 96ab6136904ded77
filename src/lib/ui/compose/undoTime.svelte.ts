const KEY = 'defms-undo-send';
const USUAL_S = 10;
const LONGEST_S = 30;

/**
 * For how many seconds a sent message can be taken back before it leaves; 0: it leaves at once. Nothing
 * private, so it may stand outside the vault.
 */
class UndoTime {
	#seconds = $state.raw(readSeconds() ?? USUAL_S);

	get seconds(): number {
		return this.#seconds;
	}

	/** As it is at this moment: another tab may have chosen. */
	get ms(): number {
		return (readSeconds() ?? this.#seconds) * 1000;
	}

	choose(seconds: number): void {
		this.#seconds = toSeconds(seconds);
		try {
			localStorage.setItem(KEY, String(this.#seconds));
		} catch {
			// Storage is refused: the choice holds until the page is closed.
		}
	}
}

function readSeconds(): number | null {
	try {
		const kept = localStorage.getItem(KEY);
		return kept === null ? null : toSeconds(Number(kept));
	} catch {
		return null;
	}
}

function toSeconds(seconds: number): number {
	if (!Number.isFinite(seconds)) return USUAL_S;
	return Math.round(Math.min(LONGEST_S, Math.max(0, seconds)));
}

export const undoTime = new UndoTime();
