/** What left this browser, in words: what was done, and what the other side can tell from it. */
import { plural } from '../../words/plural.ts';
import type { Left, RequestKind } from '../../app/view.ts';
import { formatSize } from '../shared/when.ts';

export interface Told {
	readonly did: string;
	/** Whom it went to, as people know it: a host. */
	readonly to: string;
	readonly sees: string;
	readonly hidden: string;
}

type Request = Extract<Left, { readonly kind: 'request' }>;

export function departureSentences(left: Left): Told {
	if (left.kind === 'request') {
		const { did, sees, hidden } = REQUESTS[left.what](left);
		const size = left.what === 'keep' ? `, ${formatSize(left.bytes)}` : '';
		return { did: did + size, to: hostOf(left.to), sees: `${sees} ${asker(left)}`, hidden };
	}
	const { to } = left;
	switch (left.kind) {
		case 'relay':
			return {
				...{ did: 'Opened a line to the relay', to },
				sees: 'How long the line is open, and how much goes over it.',
				hidden: 'What goes over it from person to person: that is sealed on the way.'
			};
		case 'circuit':
			return {
				did: left.isOurs
					? 'Called another browser through the relay'
					: 'Another browser called through the relay',
				to,
				sees: 'Which two browsers speak, when, and how much.',
				hidden: 'Whose browsers they are, and what they say.'
			};
		case 'direct':
			return {
				did: left.isOurs
					? 'Connected to another browser directly'
					: 'Another browser connected directly',
				to: `introduced by ${to}`,
				sees: 'The other browser sees your network address. The relay sees that you were introduced.',
				hidden: 'From now on the relay sees nothing of what you exchange there.'
			};
		case 'stun':
			return {
				...{ did: 'Asked under which address the world sees this browser', to },
				sees: 'Your network address.',
				hidden: 'Whose browser it is, and whom it wants to reach.'
			};
	}
}

/** On every request to a post office. */
function asker({ isSigned }: Request): string {
	return isSigned ? 'It knows that your mailbox asks.' : 'It is not told whose browser asks.';
}

const REQUESTS: Readonly<
	Record<RequestKind, (left: Request) => Pick<Told, 'did' | 'sees' | 'hidden'>>
> = {
	terms: () => ({
		did: 'Asked for its terms',
		sees: 'That somebody with DEFMS is here.',
		hidden: 'Who that is.'
	}),
	'publish-card': () => ({
		did: 'Put up your card, for those who look up your address',
		sees: 'Your address, your name and the public half of your keys, as everybody does who has the address.',
		hidden: 'Whom you give your address to.'
	}),
	'find-card': () => ({
		did: 'Looked up a card',
		sees: 'Which address was looked up.',
		hidden: 'What you are about to write.'
	}),
	enrol: () => ({
		did: 'Registered this device',
		sees: 'That this device belongs to your mailbox.',
		hidden: 'Your 24 words, and every key that opens mail.'
	}),
	keep: ({ pieces }) => ({
		did: `Stored ${sealed(pieces)}`,
		sees: 'How many pieces, and how large.',
		hidden: 'What is in them, and for whom.'
	}),
	missing: ({ pieces }) => ({
		did: `Asked which of ${sealed(pieces)} it has`,
		sees: 'The names of the pieces, which say nothing of what is in them.',
		hidden: 'What is in them, and for whom.'
	}),
	fetch: ({ pieces }) => ({
		did: `Fetched ${sealed(pieces)}`,
		sees: 'Which pieces are fetched.',
		hidden: 'What is in them.'
	}),
	release: ({ pieces }) => ({
		did: `Let go of ${sealed(pieces)}`,
		sees: 'Which pieces you need no more.',
		hidden: 'What was in them.'
	}),
	ancestors: () => ({
		did: 'Asked for what is new in a conversation',
		sees: 'Which sealed messages belong together.',
		hidden: 'Who writes there, and what.'
	}),
	'open-slots': ({ pieces }) => ({
		did:
			pieces === null
				? 'Opened slots for those who write to you'
				: plural(pieces, [
						'Opened one slot for those who write to you',
						'Opened # slots for those who write to you'
					]),
		sees: 'The numbers of the slots.',
		hidden: 'Who is given which slot.'
	}),
	'allow-invite': () => ({
		did: 'Let those with your invite link knock',
		sees: 'How often, and until when.',
		hidden: 'The link itself, and whom you send it to.'
	}),
	knock: ({ via }) => ({
		did: `Asked it to knock at ${via === null ? 'another office' : hostOf(via)}`,
		sees: 'The number of a slot there, and which sealed pieces to keep until it is answered.',
		hidden: 'Whose slot it is, and what the knock says.'
	}),
	'ask-sends': () => ({
		did: 'Asked what became of its knocks',
		sees: 'That you want to know.',
		hidden: 'Which messages they are about.'
	}),
	forget: ({ pieces }) => ({
		did: pieces === null ? 'Ended knocks' : plural(pieces, ['Ended one knock', 'Ended # knocks']),
		sees: 'Which knocks are over.',
		hidden: 'Which messages they were about.'
	}),
	listen: () => ({
		did: 'Asked for news',
		sees: 'That you are here, as long as it stays open.',
		hidden: 'Who the news are from, and what they say.'
	}),
	'delete-notices': ({ pieces }) => ({
		did:
			pieces === null
				? 'Cleared knocks that you have answered'
				: plural(pieces, [
						'Cleared one knock that you have answered',
						'Cleared # knocks that you have answered'
					]),
		sees: 'Which knocks were read.',
		hidden: 'Who knocked, and why.'
	}),
	confirm: () => ({
		did: 'Confirmed that a message arrived',
		sees: 'That one of its knocks was answered.',
		hidden: 'What the message says.'
	}),
	other: () => ({
		did: 'Sent a request',
		sees: 'What stands in the request.',
		hidden: 'Nothing that we can promise here.'
	})
};

function sealed(pieces: number | null): string {
	if (pieces === null) return 'sealed pieces';
	return plural(pieces, ['one sealed piece', '# sealed pieces']);
}

function hostOf(url: string): string {
	return URL.parse(url)?.host ?? url;
}
