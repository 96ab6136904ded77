/** Parts that nobody asks for before the first screen is painted: they come with the rest of the story. */

import type { Desk } from '../post/ports.ts';
import type { Parts } from './parts.ts';
import { story, storyNow } from './story.ts';
import type { CodeReader, Parcels } from './view-parcels.ts';
import type { Proofs } from './view.ts';

export function checkLater(desk: Promise<Desk>): Proofs {
	const checker = async () => new (await story()).ProofChecker(desk);
	return {
		check: async (file) => (await checker()).check(file),
		ask: async (file) => (await checker()).ask(file),
		isSame: async (file, proved) => (await checker()).isSame(file, proved)
	};
}

export function packLater(parts: Parts): Parcels {
	const desk = async () => new (await story()).ParcelDesk(parts);
	return {
		survey: async (address) => (await desk()).survey(address),
		pack: async (address, options) => (await desk()).pack(address, options),
		toCodes: async (parcel) => (await desk()).toCodes(parcel),
		take: async (file, options) => (await desk()).take(file, options),
		readCodes: () => readLater(parts)
	};
}

/** A code that is held before the camera comes again with the next picture. */
function readLater(parts: Parts): CodeReader {
	let reader: CodeReader | null = null;
	return {
		read(text) {
			const here = storyNow();
			if (here === null) {
				story().catch(reportError);
				return { at: 'other' };
			}
			reader ??= new here.ParcelDesk(parts).readCodes();
			return reader.read(text);
		}
	};
}
