import type { Message, Person } from '../../app/view.ts';

/** Whom an answer to this message goes to, for the words on the reply box; the app fills the draft. */
export function answerTargets(message: Message): {
	one: readonly Person[];
	all: readonly Person[];
} {
	const others = (people: readonly Person[]) => people.filter((person) => !person.isMe);
	const to = others(message.to);
	if (message.from.isMe) {
		const all = unique([...to, ...others(message.cc)]);
		return { one: to.length ? to : all, all };
	}
	return { one: [message.from], all: unique([message.from, ...to, ...others(message.cc)]) };
}

function unique(people: readonly Person[]): Person[] {
	return [...new Map(people.map((person) => [person.address, person])).values()];
}
