/** Immutable sets of small counts: which marked entries (epochs, joins) lie before an entry. */

export type Bits = Readonly<Uint32Array<ArrayBuffer>>;

export const NO_BITS: Bits = new Uint32Array(0);

export function hasBit(bits: Bits, index: number): boolean {
	return (((bits[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;
}

/** The same object where nothing is added, so that a long chain of entries shares one. */
export function withBit(bits: Bits, index: number): Bits {
	if (hasBit(bits, index)) return bits;
	const grown = new Uint32Array(Math.max(bits.length, (index >>> 5) + 1));
	grown.set(bits);
	grown[index >>> 5] = (grown[index >>> 5] ?? 0) | (1 << (index & 31));
	return grown;
}

export function unite(a: Bits, b: Bits): Bits {
	if (isSubset(b, a)) return a;
	if (isSubset(a, b)) return b;
	const united = new Uint32Array(Math.max(a.length, b.length));
	for (let i = 0; i < united.length; i++) united[i] = (a[i] ?? 0) | (b[i] ?? 0);
	return united;
}

/** The fold asks this of every pair of epochs: no function for each word. */
export function isSubset(part: Bits, whole: Bits): boolean {
	if (part === whole) return true;
	for (let i = 0; i < part.length; i++) {
		if (((part[i] ?? 0) & ~(whole[i] ?? 0)) !== 0) return false;
	}
	return true;
}

export function intersection(a: Bits, b: Bits): Bits {
	return a.map((word, i) => word & (b[i] ?? 0));
}

/** In a set that its owner is still building and that has room for it. */
export function setBit(bits: Uint32Array, index: number): void {
	bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
}

export function listBits(bits: Bits): number[] {
	const indices: number[] = [];
	bits.forEach((word, i) => {
		for (let rest = word; rest !== 0; rest &= rest - 1) {
			indices.push(32 * i + 31 - Math.clz32(rest & -rest));
		}
	});
	return indices;
}

export function intersects(a: Bits, b: Bits): boolean {
	return a.some((word, i) => (word & (b[i] ?? 0)) !== 0);
}
