import type { Desk } from '../post/ports.ts';
import { Recent } from './recent.ts';

/** Pictures that stay in memory, some 10 KiB each: more than any screen shows. */
const KEPT = 400;

type Photo = { url: string | null };

/**
 * The pictures that the user gave to people, as URLs. Each is read and opened once, whatever shows it; a
 * picture that is asked for again is answered from memory.
 */
export class Photos {
	readonly #desk: Promise<Pick<Desk, 'store'>>;
	readonly #kept = new Recent<Photo>(KEPT, ({ url }) => url && URL.revokeObjectURL(url));
	#wanted: string[] = [];
	/** State that a template makes while it reads does not wake it: it is woken by this count. */
	#loaded = $state(0);

	constructor(desk: Promise<Pick<Desk, 'store'>>) {
		this.#desk = desk;
	}

	/** `null`: on its way, or gone. */
	urlOf(ref: string): string | null {
		this.#loaded;
		return this.#kept.get(ref, () => {
			this.#want(ref);
			return { url: null };
		}).url;
	}

	/** All that one drawing of the screen asks for is read together. */
	#want(ref: string): void {
		this.#wanted.push(ref);
		if (this.#wanted.length > 1) return;
		queueMicrotask(() => {
			const wanted = this.#wanted;
			this.#wanted = [];
			this.#load(wanted).catch(reportError);
		});
	}

	async #load(refs: readonly string[]): Promise<void> {
		const { store } = await this.#desk;
		await Promise.all(
			refs.map(async (ref) => {
				// An ordinary address may have a stroke in it.
				const [, id = '', version] = /^(.*)\/([^/]*)$/su.exec(ref) ?? [];
				const row = await store.get('photo', [id]);
				const photo = this.#kept.peek(ref);
				if (row === null || photo === undefined || row.version !== version) return;
				const { type, bytes } = row;
				photo.url = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type }));
			})
		);
		this.#loaded++;
	}
}
