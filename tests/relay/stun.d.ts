/** The part of @msimerson/stun that the tests call; it brings no types. */
declare module '@msimerson/stun' {
	import type { Socket } from 'node:dgram';

	export function request(
		url: string,
		options: { readonly socket: Socket; readonly retries: number }
	): Promise<{ getXorAddress(): { readonly address: string; readonly port: number } }>;
}
