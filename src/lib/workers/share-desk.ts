/**
 * What other programs share into the installed app (Web Share Target): the browser posts a form to the
 * app's own origin, which goes to no server but to the service worker. It is held in memory alone, until
 * the page that is opened for it asks; whoever shared it still has it.
 *
 * https://w3c.github.io/web-share-target/
 */

import * as v from 'valibot';
import { systemRandom } from '../crypto/random.ts';
import { toHex } from '../wire/bytes.ts';

/** Fields of the form, as the manifest names them. */
const FIELDS = { title: 'title', text: 'text', url: 'url', files: 'files' } as const;
/** Browsers let a worker work so long without a word; a page opens in seconds. */
const PATIENCE_MS = 60_000;
const TOKEN_BYTES = 16;

export const sharedSchema = v.nullable(
	v.object({
		subject: v.string(),
		text: v.string(),
		files: v.array(v.instance(File))
	})
);
type Shared = NonNullable<v.InferOutput<typeof sharedSchema>>;

/** From a page, with a port for the answer. */
export const sharedWord = v.object({ type: v.literal('shared'), token: v.string() });

interface Held {
	readonly shared: Promise<Shared>;
	taken(): void;
}

export class ShareDesk {
	readonly #held = new Map<string, Held>();
	readonly #urlOf: (token: string) => string;

	/** @param urlOf where the page asks by this token */
	constructor(urlOf: (token: string) => string) {
		this.#urlOf = urlOf;
	}

	/** `isTaken` ends when a page has it, or none came for it. */
	receive(request: Pick<Request, 'formData'>): {
		readonly answer: Promise<Response>;
		readonly isTaken: Promise<void>;
	} {
		const token = toHex(systemRandom(TOKEN_BYTES));
		const isTaken = new Promise<void>((resolve) => {
			const taken = () => {
				this.#held.delete(token);
				resolve();
			};
			setTimeout(taken, PATIENCE_MS);
			this.#held.set(token, { shared: request.formData().then(readForm), taken });
		});
		return { answer: Promise.resolve(Response.redirect(this.#urlOf(token), 303)), isTaken };
	}

	/** Answers `null` to a token that is not, or not any more, known: a page that was loaded again. */
	hand(word: unknown, port: MessagePort | undefined): void {
		const asked = v.safeParse(sharedWord, word);
		if (port === undefined || !asked.success) return;
		const held = this.#held.get(asked.output.token);
		void (held?.shared ?? Promise.resolve(null))
			.catch(() => null) // a form that cannot be read
			.then((shared) => {
				port.postMessage(shared);
				held?.taken();
			});
	}
}

/** A link stands below the text, unless the text names it already. */
function readForm(form: FormData): Shared {
	const said = (name: string): string => {
		const value = form.get(name);
		return typeof value === 'string' ? value.trim() : '';
	};
	const [text, url] = [said(FIELDS.text), said(FIELDS.url)];
	return {
		subject: said(FIELDS.title),
		text: text.includes(url) ? text : [text, url].filter(Boolean).join('\n\n'),
		files: form.getAll(FIELDS.files).filter((one) => one instanceof File)
	};
}
