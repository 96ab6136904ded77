import type { HoldTrouble } from '../../app/view.ts';

/** Why a message whose time is over has not gone out, and what becomes of it. */
export function heldTroubleSentence(trouble: HoldTrouble): string {
	return trouble === 'storage-full'
		? 'There is no room on this device to write it down. It stays here and is tried again; deleting something helps.'
		: 'Something failed on this device. It stays here, and is tried again by itself.';
}
