import { Secret } from '../crypto/secret.ts';
import { toMailAddress } from '../mailbox/people.ts';
import type { Account } from '../post/account.ts';
import type { Desk } from '../post/ports.ts';
import type { Parts } from './parts.ts';
import type { Shelf } from './shelf.svelte.ts';
import { story } from './story.ts';
import type { Me } from './view.ts';

/** The own identity on screen. */
export class MeState implements Me {
	readonly #desk: Promise<Desk>;
	readonly #account: Promise<Account>;
	readonly #shelf: Shelf;

	constructor({ desk, account, shelf }: Parts) {
		this.#desk = desk;
		this.#account = account;
		this.#shelf = shelf;
	}

	get name(): string {
		return this.#shelf.account.value?.name ?? '';
	}

	get address(): string {
		const record = this.#shelf.account.value;
		return record === null ? '' : toMailAddress(record.address, record.name);
	}

	get areWordsConfirmed(): boolean {
		return this.#shelf.account.value?.entropy === undefined;
	}

	async rename(name: string): Promise<void> {
		const { renameAccount } = await story();
		await renameAccount(await this.#desk, name);
		await this.#shelf.account.refresh();
	}

	async words(): Promise<readonly string[] | null> {
		const record = await (await this.#desk).store.get('account', []);
		const entropy = record?.entropy;
		if (entropy === undefined) return null;
		const { phraseToWords } = await story();
		return phraseToWords(new Secret(Uint8Array.from(entropy)));
	}

	async confirmWords(): Promise<void> {
		const { confirmWords } = await story();
		await confirmWords(await this.#desk);
		await this.#shelf.account.refresh();
	}

	/** Empty where the addresses of app and office are too long for a link. */
	async inviteUrl(): Promise<string> {
		const { standingInvite } = await story();
		return (await standingInvite(await this.#desk, await this.#account)) ?? '';
	}
}
