/** What a screen reader says of rows, badges and states: the words behind what others see. */
import type { Page } from 'playwright-core';

interface NameCheck {
	readonly name: string;
	/** What follows the gallery's address. */
	readonly scene: string;
	readonly check: (page: Page) => Promise<string[]>;
}

/** A word for each mark that a row may carry, as the accessibility tree has it. */
const SPOKEN = [
	['Unread', '?scene=usual#/inbox'],
	['Pinned', '?scene=labels#/inbox'],
	['Muted', '?scene=labels#/inbox'],
	['Starred', '?scene=labels#/inbox'],
	['messages', '?scene=usual#/inbox']
] as const;

export const NAMES: readonly NameCheck[] = [
	...SPOKEN.map(([word, scene]): NameCheck => ({
		name: `a row says “${word}”`,
		scene,
		check: async (page) => {
			const said = await page.getByRole('link', { name: new RegExp(`\\b${word}\\b`) }).count();
			return said > 0 ? [] : [`no link to a conversation is called “${word}”`];
		}
	})),
	{
		name: 'each row is a link with a name of its own, each box says what it chooses',
		scene: '?scene=usual#/inbox',
		check: async (page) => {
			const rows = await page.getByTestId('thread-row').count();
			const boxes = await page.getByRole('checkbox', { name: /^Choose: ./ }).count();
			return rows > 0 && rows === boxes ? [] : [`${rows} rows, ${boxes} named boxes`];
		}
	},
	{
		name: 'each badge has its sentence',
		scene: '?scene=usual#/inbox',
		check: async (page) => {
			const marks = await page.getByTestId('thread-row').getByRole('img').all();
			const names = await Promise.all(marks.map((mark) => mark.getAttribute('aria-label')));
			if (names.length === 0) return ['no row shows a badge'];
			return names.flatMap((name) => (name?.includes(' ') ? [] : [`a badge is called ${name}`]));
		}
	},
	{
		name: 'the connection is a status with a sentence',
		scene: '?scene=usual#/inbox',
		check: async (page) => {
			const said = await page
				.getByRole('status')
				.filter({ hasText: /\w+ \w+/ })
				.count();
			return said > 0 ? [] : ['no status says anything'];
		}
	},
	{
		name: 'each recipient’s state is in words',
		scene: '?scene=usual#/thread/roof',
		check: async (page) => {
			const states = await page.getByTestId('recipient-status').allInnerTexts();
			if (states.length === 0) return ['no status of delivery is shown'];
			return states.flatMap((text) => (/[a-z]{3,}/i.test(text) ? [] : [`a state says “${text}”`]));
		}
	},
	{
		name: 'one main landmark, one heading of the first level, a navigation with a name',
		scene: '?scene=usual#/thread/roof',
		check: async (page) => {
			const counts = {
				main: await page.getByRole('main').count(),
				'first heading': await page.getByRole('heading', { level: 1 }).count(),
				navigation: await page.getByRole('navigation', { name: 'Main' }).count()
			};
			return Object.entries(counts).flatMap(([what, count]) =>
				count >= 1 && (what !== 'main' || count === 1) ? [] : [`${what}: ${count}`]
			);
		}
	}
];
