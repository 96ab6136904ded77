/** Case and accents do not count: "muller" finds "Müller". */
export function foldText(text: string): string {
	return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
