/** To, Cc and Bcc as typed → people with cards, or what the writer must settle first. */

import type { Address } from '../wire/ids.ts';
import { LIMITS } from '../wire/limits.ts';
import type { Account } from './account.ts';
import { findCorrespondent, type Correspondent } from './contacts.ts';
import type { LookUp } from './look-up.ts';
import type { Desk, Signalled } from './ports.ts';
import type { DraftRecord } from './records.ts';
import { readRecipient, type Reading } from './typed.ts';

export type Field = 'to' | 'cc' | 'bcc';

export type AddressProblem =
	| { readonly kind: 'no-recipient' }
	| { readonly kind: 'unreadable-recipient'; readonly text: string }
	| { readonly kind: 'ordinary-address'; readonly address: string }
	/** No card of theirs is here and no office could be asked, or none knows it. */
	| { readonly kind: 'unknown-address'; readonly address: string }
	| { readonly kind: 'blocked-recipient'; readonly name: string }
	| { readonly kind: 'too-many-recipients'; readonly limit: number }
	/** Nobody has opened this letter by its link yet: there is nobody to write to. */
	| { readonly kind: 'letter-unopened'; readonly name: string };

export interface Addressee {
	readonly field: Field;
	readonly who: Correspondent;
}

export type Addressed =
	| { readonly ok: true; readonly others: readonly Addressee[]; readonly includesMe: boolean }
	| { readonly ok: false; readonly problem: AddressProblem };

/** Whoever is at this address, if it is known or one of these offices tells. */
export type Find = (address: Address, offices: readonly string[]) => Promise<Correspondent | null>;

/** Each person once, in the first field that names them; oneself is not among `others`. */
export async function addressDraft(
	desk: Desk,
	account: Account,
	draft: Pick<DraftRecord, Field>,
	options: Signalled & LookUp,
	find: Find = (address, offices) => findCorrespondent(desk, address, offices, options)
): Promise<Addressed> {
	const fields = new Map<Address, Field>();
	for (const field of ['to', 'cc', 'bcc'] as const) {
		for (const text of draft[field]) {
			const reading = readRecipient(text);
			if (reading.kind !== 'address') return { ok: false, problem: toProblem(reading, text) };
			if (!fields.has(reading.address)) fields.set(reading.address, field);
		}
	}
	const includesMe = fields.delete(account.record.address);
	if (fields.size === 0 && !includesMe) return { ok: false, problem: { kind: 'no-recipient' } };
	if (fields.size >= LIMITS.members) {
		return { ok: false, problem: { kind: 'too-many-recipients', limit: LIMITS.members - 1 } };
	}
	return findAll(account, fields, includesMe, find);
}

function toProblem(reading: Exclude<Reading, { kind: 'address' }>, text: string): AddressProblem {
	return reading.kind === 'ordinary'
		? { kind: 'ordinary-address', address: reading.address }
		: { kind: 'unreadable-recipient', text };
}

async function findAll(
	account: Account,
	fields: ReadonlyMap<Address, Field>,
	includesMe: boolean,
	find: Find
): Promise<Addressed> {
	const others = new Map<Address, Addressee>();
	for (const [address, field] of fields) {
		const named = await find(address, [account.record.office]);
		const sitter = named?.contact.sitter;
		// A draft from before somebody came in by a letter's link names its seat, and means them.
		const who = sitter === undefined ? named : await find(sitter, [account.record.office]);
		if (who === null) return { ok: false, problem: { kind: 'unknown-address', address } };
		if (who.contact.seat === 'opened') continue;
		// Left out it would seem to be written to, and whoever comes later would not find it.
		if (who.contact.seat === 'given') {
			return { ok: false, problem: { kind: 'letter-unopened', name: who.contact.name } };
		}
		if (who.contact.tier === 'blocked') {
			return { ok: false, problem: { kind: 'blocked-recipient', name: who.contact.name } };
		}
		if (!others.has(who.address)) others.set(who.address, { field, who });
	}
	if (others.size === 0 && !includesMe) return { ok: false, problem: { kind: 'no-recipient' } };
	return { ok: true, others: [...others.values()], includesMe };
}
