/** What the screens see of the look around that newcomers are offered. See `view.ts`. */
export interface Tour {
	/** Names of the notes that were read; null: not known yet, or it is over. */
	readonly seen: ReadonlySet<string> | null;
	/** It was asked for in this visit: then it need not be out of the way. */
	readonly isAsked: boolean;
	see(name: string): Promise<void>;
	/** None of it is shown until it is asked for. */
	end(): Promise<void>;
	/** From its beginning. */
	restart(): Promise<void>;
}
