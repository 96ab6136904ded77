import type { Desk } from '../post/ports.ts';
import type { Pictures } from './view.ts';

/**
 * Whose mail may fetch its pictures without being asked: a row of the settings for each, sealed, its
 * key blinded as all are.
 */
export class PictureTrust implements Pictures {
	readonly #desk: Promise<Desk>;

	constructor(desk: Promise<Desk>) {
		this.#desk = desk;
	}

	async mayFetch(address: string): Promise<boolean> {
		const { store } = await this.#desk;
		return (await store.get('setting', keyOf(address)))?.value === true;
	}

	async remember(address: string, mayFetch: boolean): Promise<void> {
		const { store } = await this.#desk;
		const key = keyOf(address);
		await store.commit([
			mayFetch
				? { table: 'setting', key, put: { value: true } }
				: { table: 'setting', key, remove: true }
		]);
	}
}

function keyOf(address: string): readonly [string] {
	return [`pictures ${address}`];
}
