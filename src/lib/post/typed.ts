/** A recipient as somebody typed it. */

import { isOrdinaryAddress, parseMailAddress, type Address } from '../wire/ids.ts';

/** What one typed recipient is; asks nobody. */
export type Reading =
	| { readonly kind: 'address'; readonly address: Address; readonly name: string }
	| { readonly kind: 'ordinary'; readonly address: string }
	| { readonly kind: 'unreadable' };

/** A name of 64 bytes and an address of 130 characters, with room; longer is a pasted text. */
const MAX_RECIPIENT_CHARACTERS = 512;

/** Takes `Name <local@k51….ipns>`, the bare address, or the key alone. */
export function readRecipient(text: string): Reading {
	if (text.length > MAX_RECIPIENT_CHARACTERS) return { kind: 'unreadable' };
	const trimmed = text.trim();
	const start = trimmed.endsWith('>') ? trimmed.indexOf('<') : -1;
	const name = start < 0 ? '' : trimmed.slice(0, start).replaceAll('"', '').trim();
	const spec = start < 0 ? trimmed : trimmed.slice(start + 1, -1);
	const parsed = parseMailAddress(spec);
	if (parsed !== null) return { kind: 'address', address: parsed.address, name };
	return isOrdinaryAddress(spec) ? { kind: 'ordinary', address: spec } : { kind: 'unreadable' };
}
