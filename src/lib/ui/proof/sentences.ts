/** What a proof proves → words. */
import type { CheckedProof, ProofCheck } from '../../app/view.ts';
import { exactTime } from '../shared/when.ts';

/** What a proof that holds says, before all details. */
export function proofHeadline({ key, by }: CheckedProof): string {
	return key.kind === 'revoked'
		? 'Signed with a key that was revoked'
		: `Valid: signed by ${by.name || 'this address'}`;
}

/** Why a file proves nothing. */
export function proofProblemSentence(check: Exclude<ProofCheck, { at: 'valid' }>): string {
	if (check.at === 'unreadable') {
		return check.problem === 'newer'
			? 'This proof was made by a newer version of DEFMS. Update this app, then check it again.'
			: 'This file is no proof, or it was damaged on its way. Ask for it once more.';
	}
	switch (check.part) {
		case 'message':
			return 'Its signature does not fit: the message was changed, or its writer never signed it.';
		case 'card':
			return 'The key that signed it does not belong to the address that it names.';
		case 'root-record':
			return 'What it says about the keys of its writer is forged or damaged.';
	}
}

/** What is known of the key that signed, and what follows for the proof. */
export function proofKeySentence({ key, by, knownUntil }: CheckedProof): string {
	const name = by.name || 'its writer';
	const until = exactTime(knownUntil);
	switch (key.kind) {
		case 'in-force':
			return `Not revoked, as far as is known here. The newest word of ${name} about their keys is of ${until}.`;
		case 'replaced':
			return `Replaced by a newer key, and not revoked, as far as is known here (${until}).`;
		case 'revoked':
			return `Revoked as of ${exactTime(key.since)}. Others may have had this key, and could have written any date: when it was signed is not provable, nor by whom.`;
	}
}

/** Whether the writer's post office was asked for newer keys, and whether it answered. */
export function proofAnswerSentence(asking: 'not-yet' | 'now' | 'answered' | 'silent'): string {
	switch (asking) {
		case 'not-yet':
			return '';
		case 'now':
			return 'Asking';
		case 'answered':
			return 'It has answered; what it knows is counted above.';
		case 'silent':
			return 'It did not answer. Try again later.';
	}
}
