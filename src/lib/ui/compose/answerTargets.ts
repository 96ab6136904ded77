import type { Message, Person, Thread } from '../../app/view.ts';

export interface Targets {
	readonly one: readonly Person[];
	readonly all: readonly Person[];
}

/**
 * Whom an answer to this message goes to, for the words on the reply box; the app fills the draft.
 * Who has left or was removed since is not among several: an answer would add them again.
 */
export function answerTargets(message: Message, thread: Thread): Targets {
	const gone = goneFrom(thread);
	const others = (people: readonly Person[]) => people.filter((person) => !person.isMe);
	const staying = (people: readonly Person[]) => {
		const rest = unique(people).filter(({ address }) => !gone.has(address));
		return rest.length > 0 ? rest : unique(people);
	};
	const to = others(message.to);
	if (message.from.isMe) {
		const everyone = [...to, ...others(message.cc)];
		return { one: staying(to.length ? to : everyone), all: staying(everyone) };
	}
	return { one: [message.from], all: staying([message.from, ...to, ...others(message.cc)]) };
}

function goneFrom({ comings, members }: Thread): ReadonlySet<string> {
	const gone = new Set(comings.flatMap((coming) => coming.gone.map(({ address }) => address)));
	for (const { address } of members) gone.delete(address);
	return gone;
}

function unique(people: readonly Person[]): Person[] {
	return [...new Map(people.map((person) => [person.address, person])).values()];
}
