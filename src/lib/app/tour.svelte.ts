import type { Desk } from '../post/ports.ts';
import { Live } from './live.svelte.ts';
import type { Tour } from './view-tour.ts';

/** A row of the settings: the names of what was read, a space between two; `over` among them ends it. */
const KEY = ['tour'] as const;
const OVER = 'over';

/** Which notes of the look around were read: sealed as all settings are. */
export class TourState implements Tour {
	readonly #desk: Promise<Pick<Desk, 'store'>>;
	readonly #read: Live<ReadonlySet<string>>;
	#isAsked = $state(false);

	constructor(desk: Promise<Pick<Desk, 'store'>>) {
		this.#desk = desk;
		this.#read = new Live(desk, ['setting'], async ({ store }) =>
			toNames((await store.get('setting', KEY))?.value)
		);
	}

	get seen(): ReadonlySet<string> | null {
		const names = this.#read.value;
		return names?.has(OVER) ? null : names;
	}

	get isAsked(): boolean {
		return this.#isAsked;
	}

	see(name: string): Promise<void> {
		return this.#keep((seen) => [...seen.filter((one) => one !== name), name]);
	}

	async end(): Promise<void> {
		await this.#keep((seen) => [...seen, OVER]);
		this.#isAsked = false;
	}

	async restart(): Promise<void> {
		await this.#keep(() => []);
		this.#isAsked = true;
	}

	/** As it is stored now: another tab may have read on. */
	async #keep(change: (seen: readonly string[]) => readonly string[]): Promise<void> {
		const { store } = await this.#desk;
		const seen = toNames((await store.get('setting', KEY))?.value);
		const value = change([...seen]).join(' ');
		await store.commit([{ table: 'setting', key: KEY, put: { value } }]);
		await this.#read.refresh();
	}
}

/** Whatever else stands there is read as nothing. */
function toNames(value: unknown): ReadonlySet<string> {
	return new Set(typeof value === 'string' ? value.split(' ').filter(Boolean) : []);
}
