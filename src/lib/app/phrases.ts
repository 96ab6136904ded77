import type { Signature } from '../mailbox/signature.ts';
import type { Desk } from '../post/ports.ts';
import { story } from './story.ts';
import type { Phrases } from './view-writing.ts';

/** What one writes again and again: asked for when somebody looks, and sealed like everything else. */
export class PhraseShelf implements Phrases {
	readonly #desk: Promise<Pick<Desk, 'store'>>;

	constructor(desk: Promise<Pick<Desk, 'store'>>) {
		this.#desk = desk;
	}

	async signature(): Promise<Signature> {
		const { readOwn, SIGNATURE } = await story();
		const [own] = await readOwn((await this.#desk).store, SIGNATURE);
		return own ?? { text: '', isInAnswers: false };
	}

	async sign({ text, isInAnswers }: Signature): Promise<void> {
		const { changeOwn, fitSignature, SIGNATURE } = await story();
		const next = { text: fitSignature(text), isInAnswers };
		await changeOwn((await this.#desk).store, SIGNATURE, () => [next]);
	}

	async isPlain(): Promise<boolean> {
		const { readOwn, WRITING } = await story();
		const [chosen] = await readOwn((await this.#desk).store, WRITING);
		return chosen?.isPlain ?? false;
	}

	async preferPlain(isPlain: boolean): Promise<void> {
		const { changeOwn, WRITING } = await story();
		await changeOwn((await this.#desk).store, WRITING, () => [{ isPlain }]);
	}
}
