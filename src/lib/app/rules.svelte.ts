import { rowsOf } from '../mailbox/list-rows.ts';
import { toListed } from '../post/listed.ts';
import { toHex } from '../wire/bytes.ts';
import { systemRandom } from '../crypto/random.ts';
import { Live } from './live.svelte.ts';
import type { Parts } from './parts.ts';
import { story } from './story.ts';
import type { Rule, Rules } from './view-organise.ts';
import type { Row, Undo } from './view.ts';
import { toThreadIds } from './thread-ids.ts';

/** Rules for what arrives; `mailbox/rules.ts` says what they do. */
export class RulesState implements Rules {
	readonly #parts: Pick<Parts, 'desk' | 'shelf'>;
	readonly #all: Live<readonly Rule[]>;

	constructor(parts: Pick<Parts, 'desk' | 'shelf'>) {
		this.#parts = parts;
		this.#all = new Live<readonly Rule[]>(parts.desk, ['setting'], async ({ store }) => {
			const { readOwn, RULES } = await story();
			return readOwn(store, RULES);
		});
	}

	get all(): readonly Rule[] | null {
		return this.#all.value;
	}

	async save(rules: readonly Rule[]): Promise<boolean> {
		const { changeOwn, isRule, RULES } = await story();
		const valid = rules.filter(isRule);
		if (valid.length < rules.length || valid.length > RULES.limit) return false;
		await changeOwn((await this.#parts.desk).store, RULES, () => valid);
		await this.#all.refresh();
		return true;
	}

	async find(
		rule: Pick<Rule, 'conditions'>,
		options: { readonly signal: AbortSignal }
	): Promise<readonly Row[]> {
		const { shelf } = this.#parts;
		const desk = await this.#parts.desk;
		const { findMatches } = await story();
		const threads = await findMatches(desk, { conditions: [...rule.conditions] }, options);
		return shelf.look === null
			? []
			: rowsOf({ ...shelf.look, threads: threads.map(toListed) }, desk.now());
	}

	async apply(rule: Pick<Rule, 'actions'>, threadIds: readonly string[]): Promise<Undo> {
		const desk = await this.#parts.desk;
		const { applyRule } = await story();
		const undo = await applyRule(desk, { actions: [...rule.actions] }, toThreadIds(threadIds));
		await this.#parts.shelf.mail.settled();
		return async () => {
			await undo();
			await this.#parts.shelf.mail.settled();
		};
	}

	newId(): string {
		return toHex(systemRandom(8));
	}
}
