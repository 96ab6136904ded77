/** How many composers are open: what would interrupt a writer waits. */
class Writing {
	#open = $state(0);

	get isAnyOpen(): boolean {
		return this.#open > 0;
	}

	/** Until the returned function is called. */
	begin(): () => void {
		this.#open++;
		return () => this.#open--;
	}
}

export const writing = new Writing();
