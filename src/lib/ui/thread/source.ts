/** What this device has of a message, and what it knows of its way, as text that can be copied. */
import type { Message } from '../../app/view.ts';
import { fullName } from '../shared/people.ts';

/** How it went, one fact a line: ids, times, who has it. */
export function deliveryFacts(message: Message): string {
	const lines = [
		`Message id: ${message.id}`,
		`Date: ${time(message.date)}`,
		`Record: ${recordOf(message)}`,
		...(message.doubt ? [`Doubt: ${message.doubt.kind}`] : []),
		...(message.keptBy ? [`Passed on by: ${nameAndAddress(message.keptBy)}`] : []),
		...(message.endsAt === null ? [] : [`Ends: ${time(message.endsAt)}`]),
		...(message.isWithdrawn ? ['Taken back by its writer'] : [])
	];
	for (const { person, state, times, holders } of message.recipients) {
		const steps = Object.entries(times)
			.sort(([, a], [, b]) => a - b)
			.map(([step, at]) => `  ${step}: ${time(at)}`);
		lines.push(
			'',
			`${nameAndAddress(person)}: ${state}, kept by ${String(holders)} holders`,
			...steps
		);
	}
	return lines.join('\n');
}

function recordOf({ isLegacy, isOnRecord }: Message): string {
	if (isLegacy) return 'ordinary mail, brought here from another program';
	return isOnRecord ? 'signed for the record' : 'off the record';
}

function nameAndAddress(person: Message['from']): string {
	return `${fullName(person)} <${person.address}>`;
}

/** In UTC, to the millisecond: a source is compared with others' sources. */
function time(ms: number): string {
	return new Date(ms).toISOString();
}

/** The parts as they are stored: names of the fields and their texts. */
export function storedText(message: Message, subject: string): string {
	const { body } = message;
	const people = (list: readonly Message['from'][]) => list.map(nameAndAddress).join(', ');
	const fields = [
		['From', nameAndAddress(message.from)],
		['To', people(message.to)],
		['Cc', people(message.cc)],
		['Bcc', people(message.bcc)],
		['Subject', subject],
		['Date', time(message.date)],
		...message.attachments.map(({ name, type, sizeBytes }) => [
			'Attachment',
			`${name} (${type}, ${String(sizeBytes)} bytes)`
		])
	].filter(([, value]) => value !== '');
	const head = fields.map(([name = '', value = '']) => `${name}: ${value}`).join('\n');
	if (body.at !== 'here') return head;
	const html = body.html === null ? '' : `\n\n----- HTML -----\n\n${body.html}`;
	return `${head}\n\n${body.text}${html}`;
}
