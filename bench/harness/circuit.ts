/** The libp2p address of a relay, as it announces it. */
export async function addressOf(url: string): Promise<string> {
	const terms: unknown = await (await fetch(`${url}/.well-known/defms.json`)).json();
	const [first] = (terms as { addresses: string[] }).addresses;
	if (first === undefined) throw new Error('the relay announces no address');
	return first;
}
