import type { Desk } from '../post/ports.ts';
import { parseMailAddress } from '../wire/ids.ts';
import type { Pictures } from './view.ts';

/**
 * Whose mail may fetch its pictures without being asked: a row of the settings for each, sealed, its
 * key blinded as all are. By the address that is a key alone: the words before the @ are a name, and
 * an ordinary address anybody writes into a mail.
 */
export class PictureTrust implements Pictures {
	readonly #desk: Promise<Pick<Desk, 'store'>>;

	constructor(desk: Promise<Pick<Desk, 'store'>>) {
		this.#desk = desk;
	}

	async mayFetch(address: string): Promise<boolean> {
		const key = keyOf(address);
		if (key === null) return false;
		const { store } = await this.#desk;
		return (await store.get('setting', key))?.value === true;
	}

	async remember(address: string, mayFetch: boolean): Promise<void> {
		const key = keyOf(address);
		if (key === null) return;
		const { store } = await this.#desk;
		await store.commit([
			mayFetch
				? { table: 'setting', key, put: { value: true } }
				: { table: 'setting', key, remove: true }
		]);
	}
}

function keyOf(text: string): readonly [string] | null {
	const address = parseMailAddress(text)?.address;
	return address === undefined ? null : [`pictures ${address}`];
}
