import { toMailAddress } from '../mailbox/people.ts';
import type { LetterOutcome } from '../post/letters.ts';
import { parseMailAddress } from '../wire/ids.ts';
import type { SendProblem } from './view.ts';

type PostProblem = Extract<LetterOutcome, { ok: false }>['problem'];

/** As the screens say it; without an invite, which is made when somebody asks for it. */
export function toSendProblem(problem: PostProblem, isOffline: boolean): SendProblem {
	if (problem.kind === 'ordinary-address') return { ...problem, inviteUrl: '' };
	if (problem.kind !== 'unknown-address') return problem;
	return { kind: problem.kind, address: toShownAddress(problem.address), isOffline };
}

function toShownAddress(text: string): string {
	const parsed = parseMailAddress(text);
	return parsed === null ? text : toMailAddress(parsed.address, parsed.local);
}
