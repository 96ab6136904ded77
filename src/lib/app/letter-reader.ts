/** A letter that a link opens, on screen: read without storage, then entered. */

import { createSuite } from '../crypto/choose.ts';
import { systemRandom } from '../crypto/random.ts';
import { toShownDate } from '../mailbox/dates.ts';
import { toMailAddress } from '../mailbox/people.ts';
import { createOffices } from '../net/office.ts';
import type { Account } from '../post/account.ts';
import { FileUnavailable } from '../post/files.ts';
import { enterLetter, type EnterOutcome } from '../post/letter-answering.ts';
import {
	openLetter,
	openLetterFile,
	type LetterGround,
	type OpenLetter
} from '../post/letter-opening.ts';
import type { Desk } from '../post/ports.ts';
import type { EntryId } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import { parseLetterLink } from '../wire/letter-link.ts';
import type { LetterFile, LetterOpening, LetterView } from './view-letters.ts';

/** How long an office may take to answer whoever waits in front of an empty page, ms. */
const OPEN_MS = 15_000;

interface Read {
	/** Which one the link names; null: none. */
	readonly letter: EntryId | null;
	readonly reader: LetterReader | null;
	readonly opening: LetterOpening;
}

export class LetterReader {
	readonly #ground: LetterGround;
	readonly #letter: OpenLetter;

	private constructor(ground: LetterGround, letter: OpenLetter) {
		this.#ground = ground;
		this.#letter = letter;
	}

	/** Uses no storage. */
	static async open(text: string, { signal }: { readonly signal: AbortSignal }): Promise<Read> {
		const link = parseLetterLink(text);
		if (link === null) return { letter: null, reader: null, opening: { at: 'unreadable' } };
		const none = { letter: link.letter, reader: null };
		const own = { suite: await createSuite(), random: systemRandom, now: () => Date.now() };
		const offices = createOffices({ ...own, fetch: (url, init) => fetch(url, init) });
		const ground = { ...own, offices };
		const until = AbortSignal.timeout(OPEN_MS);
		try {
			const options = { signal: AbortSignal.any([signal, until]) };
			const opening = await openLetter(ground, link, options);
			if (opening.kind !== 'open') return { ...none, opening: { at: opening.kind } };
			const { letter } = opening;
			const reader = new LetterReader(ground, letter);
			return { ...none, reader, opening: { at: 'open', letter: toView(letter) } };
		} catch (problem) {
			if (until.aborted && !signal.aborted) return { ...none, opening: { at: 'unreachable' } };
			throw problem;
		}
	}

	async file(index: number, { signal }: { readonly signal: AbortSignal }): Promise<LetterFile> {
		const file = this.#letter.message.mail.attachments[index];
		if (file === undefined) return { ok: false, problem: 'damaged' };
		if (file.size > LIMITS.letterFileBytes) return { ok: false, problem: 'too-large' };
		const parts: Uint8Array<ArrayBuffer>[] = [];
		try {
			const content = openLetterFile(this.#ground, this.#letter, file, { signal });
			for await (const piece of content) parts.push(piece);
			return { ok: true, blob: new Blob(parts, { type: 'application/octet-stream' }) };
		} catch (problem) {
			if (!(problem instanceof FileUnavailable)) throw problem;
			return { ok: false, problem: problem.problem };
		}
	}

	enter(desk: Desk, account: Account): Promise<EnterOutcome> {
		return enterLetter(desk, account, this.#letter);
	}
}

function toView({ link, writer, message: { mail } }: OpenLetter): LetterView {
	const { name } = writer.identity.card;
	return {
		from: { name, address: toMailAddress(link.address, name) },
		to: mail.to.map((party) => party.name).join(', '),
		subject: mail.subject,
		date: toShownDate(mail.date),
		text: mail.text,
		html: mail.html ?? null,
		files: mail.attachments.map((file) => ({
			name: file.name,
			type: file.type,
			sizeBytes: file.size
		})),
		until: link.until
	};
}
