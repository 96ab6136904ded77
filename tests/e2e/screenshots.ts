/** The pictures of the documents: real mail between real browsers, taken from the running app. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import {
	answer,
	compose,
	expectConnection,
	expectStatus,
	expectText,
	open,
	toInbox,
	write
} from './support/person.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../docs/pictures');
const SIZES = {
	desktop: { width: 1440, height: 900 },
	phone: { width: 390, height: 844 }
} as const;

const ROOF = 'Roof: the second offer is in';
const LETTERS = [
	{
		subject: 'Programme for the winter concert',
		text: 'Brahms first, then the new piece by Arvo. We meet at seven, an hour before the doors open.'
	},
	{
		subject: 'Rehearsal recording',
		text: 'All of it is here. The second half is better than we thought.'
	},
	{
		subject: ROOF,
		text:
			'The second offer came this morning, a good third below the first. They can start in ' +
			'March if we decide by Friday.\n\nI rang two of their references; both would take them ' +
			'again. Could you look at the insulation values?'
	}
];

test('pictures', async ({ startRelay, openProfile }) => {
	mkdirSync(FOLDER, { recursive: true });
	const relay = await startRelay();
	const [lena, mira] = [await openProfile('lena'), await openProfile('mira')];
	await lena.page.setViewportSize(SIZES.desktop);
	await picture(lena.page, relay.url, 'welcome');
	await meet(relay.url, [lena, 'Lena Hartmann'], [mira, 'Mira Kessler']);
	await toInbox(lena.page);
	await shoot(lena.page, 'begin');
	for (const letter of LETTERS) await write(mira.page, { to: ['Lena'], ...letter });
	await open(lena.page, ROOF);
	await expectText(lena.page, 'insulation values');
	await answer(lena.page, 'Reply', 'Agreed from my side. If page 4 holds what it says, I sign.');
	await expectStatus(lena.page, 'Mira', 'delivered');
	await expectConnection(lena.page, 'direct');
	await shoot(lena.page, 'inbox');
	const draft = { to: ['Mira'], subject: 'Minutes', text: 'We paint the stairs in May.' };
	const composer = await compose(lena.page, draft);
	await expect(composer.getByTestId('saved')).toContainText('Saved');
	await shoot(lena.page, 'compose');
	await lena.page.goto(`${relay.url}/#/people`);
	await expect(lena.page.getByText('Mira Kessler').first()).toBeVisible();
	await shoot(lena.page, 'people');
	await lena.page.goto(`${relay.url}/#/settings`);
	await expect(lena.page.getByRole('heading', { name: 'Settings' }).first()).toBeVisible();
	await shoot(lena.page, 'settings');
});

async function picture(page: Page, url: string, name: string): Promise<void> {
	await page.goto(url);
	await expect(page.getByLabel('Your name')).toBeVisible();
	await shoot(page, name);
}

/** Phone and desktop, light and dark. */
async function shoot(page: Page, name: string): Promise<void> {
	for (const [size, viewport] of Object.entries(SIZES)) {
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.setViewportSize(viewport);
			await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
			await page.screenshot({ path: path.join(FOLDER, `${name}-${size}-${colorScheme}.png`) });
		}
	}
	await page.setViewportSize(SIZES.desktop);
	await page.emulateMedia({ colorScheme: 'light' });
}
