/** Parcels, as the screens see them; a part of `view.ts`, and under its rules. */
import type { Person } from './view.ts';

/** Mail that goes by hand, as a file or as a run of QR codes: for where there is no network. */
export interface Parcels {
	/** What a parcel for this person would hold now. */
	survey(address: string): Promise<ParcelSurvey>;
	/** Seals it. Nothing else is changed: a message counts as delivered when they say so. */
	pack(address: string, options: ParcelOptions): Promise<PackOutcome>;
	/** The texts of its QR codes; null: it is too large for them. */
	toCodes(parcel: Blob): Promise<readonly string[] | null>;
	/** Begins to read codes, in any order. */
	readCodes(): CodeReader;
	/** Opens, judges and stores what is in it. Safe to be stopped, and to be done again. */
	take(file: Blob, options: ParcelOptions): Promise<TakenParcel>;
}

export interface ParcelOptions {
	readonly signal: AbortSignal;
	/** 0 to 1. */
	readonly onProgress: (progress: number) => void;
}

export type ParcelSurvey =
	| {
			readonly ok: true;
			/** Messages of mine that they have not confirmed, and files in them. */
			readonly messages: number;
			readonly files: number;
			/** Messages of theirs that it says have arrived. */
			readonly confirmations: number;
			/** About. */
			readonly sizeBytes: number;
			/** Small enough to be shown as QR codes. */
			readonly fitsCodes: boolean;
			/** More is on its way to them than goes into one. */
			readonly isPart: boolean;
	  }
	| { readonly ok: false; readonly problem: ParcelProblem };

/** `unknown-key`: their key is not here, or may be too old, and nobody can be asked for it now. */
export type ParcelProblem = 'unknown-key' | 'blocked';

export type PackOutcome =
	/** `name` says nothing of whom it is for. */
	| { readonly ok: true; readonly parcel: Blob; readonly name: string }
	| { readonly ok: false; readonly problem: ParcelProblem | 'cancelled' };

export interface CodeReader {
	/** `other`: no code of a parcel. A code of another parcel begins anew. */
	read(text: string): CodeReading;
}

export type CodeReading =
	| { readonly at: 'other' }
	/** `seen`: places of those that were read, from 0. */
	| { readonly at: 'reading'; readonly seen: readonly number[]; readonly count: number }
	| { readonly at: 'whole'; readonly parcel: Blob };

export type TakenParcel =
	| {
			readonly ok: true;
			readonly from: Person;
			/** Messages that were not here. */
			readonly messages: number;
			/** The thread of the newest of them; null: there is none. */
			readonly threadId: string | null;
			/** Messages of mine that are known to have arrived by it. */
			readonly confirmed: number;
			/** Conversations of a stranger that wait in Requests. */
			readonly requests: number;
			/** Conversations of which a part did not come along. */
			readonly incomplete: number;
			/** Conversations that were refused. */
			readonly refused: number;
			/** False: it was cut off or damaged; what came before that is kept. */
			readonly isWhole: boolean;
	  }
	| { readonly ok: false; readonly problem: TakeProblem };

/**
 * `for-another`: sealed for somebody else, or too long ago; `forged`: not from whom it says;
 * `older-key`: its writer has other keys since.
 */
export type TakeProblem =
	| 'no-parcel'
	| 'newer'
	| 'damaged'
	| 'for-another'
	| 'forged'
	| 'older-key'
	| 'blocked'
	| 'storage-full'
	| 'unreadable'
	| 'cancelled';
