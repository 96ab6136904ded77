/** How many composers are open: what would interrupt a writer waits. And what is typed before one is. */
class Writing {
	#open = $state(0);
	/** `null`: no composer was asked for that is still to come. */
	#early: string | null = null;

	get isAnyOpen(): boolean {
		return this.#open > 0;
	}

	/** Until the returned function is called. */
	begin(): () => void {
		this.#open++;
		return () => this.#open--;
	}

	/** A composer was asked for: until it has the cursor, what is typed is meant for it. */
	expect(): void {
		this.#early ??= '';
	}

	/** Is a composer still to come? */
	get isExpected(): boolean {
		return this.#early !== null;
	}

	/** It does not come after all. */
	forget(): void {
		this.#early = null;
	}

	/** Kept for the composer that is to come; `false`: none is. */
	keep(typed: string): boolean {
		if (this.#early === null) return false;
		this.#early += typed;
		return true;
	}

	/** What was kept; nothing more is. */
	takeEarly(): string {
		const early = this.#early ?? '';
		this.#early = null;
		return early;
	}
}

export const writing = new Writing();
