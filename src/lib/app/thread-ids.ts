import { parseThreadId, type ThreadId } from '../wire/ids.ts';

/** As the screen names them. What is none names nothing here. */
export function toThreadIds(texts: readonly string[]): ThreadId[] {
	return texts.flatMap((text) => parseThreadId(text) ?? []);
}
