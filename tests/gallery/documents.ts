/**
 * A part of `npm run screenshots`: every screen with the gallery's mail, in the four pictures of
 * `docs/pictures/screens`, and the page that shows them.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openGallery } from './open.ts';
import { shoot, SHOTS, SIZES } from './shots.ts';

const DOCS = path.resolve(import.meta.dirname, '../../docs');
const FOLDER = 'pictures/screens';

/** Names in `SHOTS`, and what they are. */
const SCREENS = {
	welcome: 'The first visit',
	invited: 'From an invite',
	inbox: 'The inbox',
	organised: 'Labels, stars, pins',
	'organised-found': 'Searching',
	'organised-chosen': 'Choosing several',
	'organised-palette': 'Finding a command, a person or a message',
	thread: 'A conversation',
	'read-files': 'Files and an invitation',
	'circle-people': 'Who is in a conversation',
	why: 'Why is it not there yet?',
	compose: 'Writing',
	'writing-dock': 'Writing several at once',
	'writing-held': 'Taking it back',
	requests: 'Requests from strangers',
	people: 'People',
	contact: 'Somebody',
	'people-group': 'A group',
	settings: 'Settings',
	traffic: 'What the relay just saw',
	parcel: 'Carried by hand',
	'proof-valid': 'Checking a proof',
	letter: 'A letter link, opened',
	'words-shown': 'The 24 words',
	'tour-pointed': 'The tour',
	empty: 'Nothing here yet',
	offline: 'Without a network',
	full: 'No room left'
} as const;

const COLUMNS = ['phone-light', 'phone-dark', 'desktop-light', 'desktop-dark'];

const shots = Object.keys(SCREENS).map((name) => {
	const shot = SHOTS.find((each) => each.name === name);
	if (shot === undefined) throw new Error(`there is no shot ${name}`);
	return shot;
});
const sizes = SIZES.filter(({ name }) => name !== 'tablet').map((size) => ({ ...size, scale: 1 }));

rmSync(path.join(DOCS, FOLDER), { recursive: true, force: true });
mkdirSync(path.join(DOCS, FOLDER), { recursive: true });
await using gallery = await openGallery();
await shoot(gallery, { shots, sizes, take });
writeFileSync(path.join(DOCS, 'screens.md'), pageOf());

/** WebP, a third of a PNG: every change of a screen stays in the repository for good. */
async function take(page: Page, name: string): Promise<void> {
	const session = await page.context().newCDPSession(page);
	const shot = await session.send('Page.captureScreenshot', { format: 'webp', quality: 85 });
	writeFileSync(path.join(DOCS, FOLDER, `${name}.webp`), Buffer.from(shot.data, 'base64'));
}

function pageOf(): string {
	const screens = Object.entries(SCREENS).map(([name, title]) => {
		const pictures = COLUMNS.map((column) => {
			const width = column.startsWith('phone') ? 150 : 380;
			return `<img src="${FOLDER}/${name}-${column}.webp" alt="${title}, ${column.replace('-', ', ')}" width="${width}">`;
		});
		return `## ${title}\n\n${pictures.join('\n')}\n`;
	});
	return `# Screens\n\nMade by \`npm run screenshots\`.\n\n${screens.join('\n')}`;
}
