/** Every text that members write bears a mark, which nobody else may ever see. */

import { Broken, type World } from './world.ts';

const MARK = 'PLAINTEXT-';

/** The mark of the mail with this number. */
export function markOf(mail: number): string {
	return `${MARK}${mail};`;
}

/** On what nobody's honest program wrote: of no mail. */
export const FORGED = markOf(0);

/** Numbers of the mails whose marks stand in these bytes. */
export function findMarks(bytes: Uint8Array): number[] {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	const found: number[] = [];
	for (let at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at + 1)) {
		const number = /^\d+/.exec(text.toString('latin1', at + MARK.length, at + MARK.length + 8));
		found.push(Number(number?.[0] ?? Number.NaN));
	}
	return found;
}

/** For bytes that anybody may see: a mark in them ends the run, whoever catches what is thrown. */
export function watchFor(world: World, bytes: Uint8Array, where: string): void {
	const [found] = findMarks(bytes).filter((mail) => mail > 0);
	if (found !== undefined) world.fail(new Broken(`mail ${found} stands in clear in ${where}`));
}
