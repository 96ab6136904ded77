import type { App } from '../../app/view.ts';
import { saveFile } from '../attachments/save.ts';
import { attempt, toasts } from '../shared/toasts.svelte.ts';

/** Among the browser's downloads; the reader is told what goes along. */
export async function saveCards(
	app: App,
	addresses: readonly string[] | null,
	name: string
): Promise<void> {
	const cards = await attempt(() => app.people.saveCards(addresses));
	if (cards === null) return;
	saveFile(cards, `${name}.vcf`);
	toasts.say('Saved with your notes, and with the names by which you call people.');
}
