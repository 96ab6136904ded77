/** The main job by keys alone: Tab, Enter, Space, arrows; no pointer, and no key that is ours alone. */
import type { Page } from 'playwright-core';

interface Journey {
	readonly name: string;
	/** What follows the gallery's address. */
	readonly scene: string;
	/** Throws where a step cannot be made. */
	readonly act: (page: Page) => Promise<void>;
}

type Role = Parameters<Page['getByRole']>[0];

/** More than any screen has. */
const MOST_TABS = 150;

export const JOURNEYS: readonly Journey[] = [
	{
		name: 'begin',
		scene: '?scene=welcome#/inbox',
		async act(page) {
			// The field has the focus already.
			await page.keyboard.type('Lena');
			await page.keyboard.press('Enter');
			await page.getByRole('navigation', { name: 'Main' }).waitFor();
		}
	},
	{
		name: 'write and send a message',
		scene: '?scene=usual#/inbox',
		async act(page) {
			await tabTo(page, 'button', 'Write');
			await page.keyboard.press('Enter');
			await page.getByRole('combobox', { name: 'To' }).waitFor();
			await tabTo(page, 'combobox', 'To');
			await page.keyboard.type('kess');
			await page.getByRole('option').first().waitFor();
			await page.keyboard.press('Enter');
			await tabTo(page, 'textbox', 'Subject');
			await page.keyboard.type('Keys');
			await tabTo(page, 'textbox', 'Text of the message');
			await page.keyboard.type('They hang behind the door.');
			await tabTo(page, 'button', 'Send');
			await page.keyboard.press('Enter');
			await page
				.getByRole('group', { name: 'Message', exact: true })
				.waitFor({ state: 'detached' });
		}
	},
	{
		name: 'open a conversation, answer it, archive it, take that back',
		scene: '?scene=usual#/inbox',
		async act(page) {
			await tabTo(page, 'link', /Roof/);
			await page.keyboard.press('Enter');
			await page.getByRole('heading', { name: 'Roof: the second offer is in' }).waitFor();
			await tabTo(page, 'button', /^Reply to Mira/);
			await page.keyboard.press('Enter');
			await page.getByRole('textbox', { name: 'Text of the message' }).waitFor();
			await tabTo(page, 'textbox', 'Text of the message');
			await page.keyboard.type('Thursday is fine.');
			await tabTo(page, 'button', 'Archive');
			await page.keyboard.press('Enter');
			await page.getByText('Conversation archived').waitFor();
			await tabTo(page, 'button', 'Undo');
			await page.keyboard.press('Enter');
			await page.getByText('Undone').waitFor();
		}
	},
	{
		name: 'leave a dialog by Escape, with the focus back where it was',
		scene: '?scene=usual#/thread/garden',
		async act(page) {
			await tabTo(page, 'button', 'People in this conversation');
			await page.keyboard.press('Enter');
			await page.getByRole('dialog').waitFor();
			await page.keyboard.press('Escape');
			await page.getByRole('dialog').waitFor({ state: 'detached' });
			const { name } = await focused(page);
			if (!/People in this conversation/.test(name)) throw new Error(`the focus is on ${name}`);
		}
	},
	{
		name: 'look around, to the thing itself and to the end',
		scene: '?scene=tour#/inbox',
		async act(page) {
			await tabTo(page, 'button', 'Show it');
			await page.keyboard.press('Enter');
			await page.locator('[data-pointed]:focus').waitFor();
			const tour = page.getByRole('region', { name: 'A look around' });
			await tabTo(page, 'button', 'Next');
			while ((await tour.getByRole('button', { name: 'Next' }).count()) > 0) {
				await page.keyboard.press('Enter');
			}
			await page.keyboard.press('Enter');
			await tour.waitFor({ state: 'detached' });
			const isInList = await page.evaluate(() =>
				document.activeElement?.matches('[data-testid=mail-list] h1')
			);
			if (isInList !== true) throw new Error('the focus is not in the list');
		}
	},
	{
		name: 'choose the size of the text',
		scene: '?scene=usual#/settings',
		async act(page) {
			await tabTo(page, 'radio', 'Normal');
			await page.keyboard.press('ArrowRight');
			await page.waitForFunction(() => document.documentElement.style.zoom === '1.15');
		}
	}
];

/** Tab until the focus is on it: nothing on the way may hold the focus. */
async function tabTo(page: Page, role: Role, name: string | RegExp): Promise<void> {
	const target = page.getByRole(role, {
		name,
		...(typeof name === 'string' && { exact: true })
	});
	let seen = '';
	for (let tabs = 0; tabs < MOST_TABS; tabs++) {
		for (const one of await target.all()) {
			if (await one.evaluate((element) => element === document.activeElement)) return;
		}
		await page.keyboard.press('Tab');
		seen = (await focused(page)).name;
	}
	throw new Error(`Tab does not come to ${role} “${String(name)}”; it ended on ${seen}`);
}

async function focused(page: Page): Promise<{ readonly name: string }> {
	return page.evaluate(() => {
		const element = document.activeElement;
		return { name: element?.getAttribute('aria-label') ?? element?.outerHTML.slice(0, 120) ?? '' };
	});
}
