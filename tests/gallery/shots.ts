/**
 * Pictures of every screen, for looking at: `node tests/gallery/shots.ts [part of a name]`.
 * They land in `test-results/shots/`.
 */
import type { Page } from 'playwright-core';
import { NOW } from './fixture/mail.ts';
import { openGallery, type OpenGallery } from './open.ts';

export interface Shot {
	readonly name: string;
	readonly url: string;
	/** What a person would do before the picture. */
	readonly act?: (page: Page) => Promise<void>;
}

/** Every screen in every state that a person can bring it into. */
export const SHOTS: readonly Shot[] = [
	{ name: 'inbox', url: '?scene=usual#/inbox' },
	{ name: 'organised', url: '?scene=labels#/inbox' },
	{ name: 'organised-label', url: '?scene=usual#/label/house' },
	{ name: 'organised-search', url: '?scene=usual#/folder/offers' },
	{ name: 'organised-found', url: '?scene=usual#/inbox', act: searchOffer },
	{ name: 'organised-keep', url: '?scene=usual#/inbox', act: keepSearch },
	{ name: 'organised-chosen', url: '?scene=usual#/inbox', act: chooseTwo },
	{ name: 'organised-menu', url: '?scene=usual#/inbox', act: openMore },
	{ name: 'organised-labels', url: '?scene=usual#/thread/roof', act: pressKey('l') },
	{ name: 'organised-snooze', url: '?scene=usual#/thread/roof', act: pressKey('b') },
	{ name: 'organised-palette', url: '?scene=usual#/thread/roof', act: findRoof },
	{ name: 'organised-keys', url: '?scene=usual#/inbox', act: pressKey('?') },
	{ name: 'organised-settings', url: '?scene=usual#/settings', act: editLabel },
	{ name: 'organised-rule', url: '?scene=usual#/settings', act: tryRule },
	{ name: 'organised-lists', url: '?scene=usual#/inbox', act: openLists },
	{ name: 'thread', url: '?scene=usual#/thread/roof' },
	{ name: 'read-quotes', url: '?scene=usual#/thread/quotes' },
	{ name: 'read-files', url: '?scene=usual#/thread/files', act: untilInvited },
	{ name: 'read-pdf', url: '?scene=usual#/thread/files', act: openPdf },
	{ name: 'read-colours', url: '?scene=usual#/thread/newsletter' },
	{ name: 'reply', url: '?scene=usual#/thread/roof', act: openReply },
	{ name: 'why', url: '?scene=usual#/thread/roof', act: openWhy },
	{ name: 'circle', url: '?scene=usual#/thread/garden' },
	{ name: 'circle-people', url: '?scene=usual#/thread/garden', act: openPeople },
	{ name: 'circle-leave', url: '?scene=usual#/thread/garden', act: askToLeave },
	{ name: 'circle-full', url: '?scene=full#/thread/garden', act: removeWithoutRoom },
	{ name: 'circle-left', url: '?scene=usual#/thread/stairs' },
	{ name: 'circle-adds', url: '?scene=usual#/thread/roof', act: addSomebody },
	{ name: 'circle-parts', url: '?scene=usual#/thread/garden', act: leaveSomebodyOut },
	{ name: 'circle-inline', url: '?scene=usual#/thread/roof', act: addInline },
	{ name: 'doubt', url: '?scene=usual#/thread/urgent' },
	{ name: 'player', url: '?scene=usual#/thread/urgent', act: play },
	{ name: 'player-failed', url: '?scene=usual#/thread/urgent', act: failToPlay },
	{ name: 'details', url: '?scene=usual#/thread/urgent', act: openDetails },
	{ name: 'compose', url: '?scene=usual#/inbox', act: compose },
	{ name: 'writing-dock', url: '?scene=usual#/inbox', act: writeTwo },
	{ name: 'writing-held', url: '?scene=usual#/inbox', act: sendOne },
	{ name: 'writing-answer', url: '?scene=usual#/thread/roof', act: sendAnswer },
	{ name: 'ordinary', url: '?scene=usual#/inbox', act: composeToOrdinary },
	{ name: 'requests', url: '?scene=usual#/requests' },
	{ name: 'people', url: '?scene=usual#/people' },
	{ name: 'people-group', url: '?scene=usual#/group/house' },
	{ name: 'people-choose', url: '?scene=usual#/people', act: newGroup },
	{ name: 'people-conversations', url: '?scene=usual#/people', act: openTab('Conversations') },
	{ name: 'people-files', url: '?scene=usual#/people', act: openTab('Files') },
	{ name: 'people-renamed', url: '?scene=usual#/people', act: renameContact },
	{ name: 'people-bring', url: '?scene=usual#/people', act: bringCards },
	{ name: 'people-merge', url: '?scene=usual#/people', act: chooseToMerge },
	{ name: 'people-merged', url: '?scene=usual#/people', act: mergeContact },
	{ name: 'people-split', url: '?scene=usual#/people', act: splitContact },
	{ name: 'people-ordinary', url: '?scene=usual#/people/berger%40example.org' },
	{ name: 'contact', url: '?scene=usual#/people', act: openContact },
	{ name: 'settings', url: '?scene=usual#/settings' },
	{ name: 'proof-valid', url: '?scene=usual#/proof', act: chooseProof('roof.proof') },
	{ name: 'proof-revoked', url: '?scene=welcome#/proof', act: chooseProof('revoked.proof') },
	{ name: 'proof-bent', url: '?scene=welcome#/proof', act: chooseProof('bent.proof') },
	{ name: 'traffic', url: '?scene=usual#/traffic', act: openDeparture },
	{ name: 'traffic-none', url: '?scene=empty#/traffic' },
	{ name: 'parcel', url: '?scene=usual#/parcel' },
	{ name: 'parcel-taken', url: '?scene=usual#/parcel', act: takeParcel('stick.defms') },
	{ name: 'parcel-cut', url: '?scene=usual#/parcel', act: takeParcel('cut.defms') },
	{ name: 'parcel-other', url: '?scene=usual#/parcel', act: takeParcel('other.defms') },
	{ name: 'parcel-scan', url: '?scene=usual#/parcel', act: scanCodes },
	{ name: 'parcel-hand', url: '?scene=usual#/people', act: handOver('Mira') },
	{ name: 'parcel-small', url: '?scene=usual#/people', act: handOver('Tom') },
	{ name: 'parcel-key', url: '?scene=usual#/people', act: handOver('Jonas') },
	{ name: 'parcel-saved', url: '?scene=usual#/people', act: saveParcel },
	{ name: 'parcel-codes', url: '?scene=usual#/people', act: showCodes },
	{ name: 'record-on', url: '?scene=usual#/inbox', act: composeOnRecord },
	{ name: 'letter', url: '?scene=welcome#l=open' },
	{ name: 'letter-mine', url: '?scene=usual#l=open' },
	{ name: 'letter-closed', url: '?scene=welcome#l=closed' },
	{ name: 'letter-line', url: '?scene=letter-open#/thread/roof' },
	{ name: 'letter-guest', url: '?scene=guest#/thread/roof' },
	{ name: 'letter-offer', url: '?scene=usual#/inbox', act: offerLetter },
	{ name: 'words', url: '?scene=words#/inbox' },
	{ name: 'words-shown', url: '?scene=words#/inbox', act: showWords },
	{ name: 'words-asked', url: '?scene=words#/inbox', act: confirmWords },
	{ name: 'empty', url: '?scene=empty#/inbox' },
	{ name: 'empty-requests', url: '?scene=empty#/requests' },
	{ name: 'empty-trash', url: '?scene=usual#/trash' },
	{ name: 'loading', url: '?scene=loading#/inbox' },
	{ name: 'offline', url: '?scene=offline#/inbox' },
	{ name: 'full', url: '?scene=full#/thread/minutes' },
	{ name: 'hard', url: '?scene=hard#/thread/long' },
	{ name: 'tour', url: '?scene=tour#/inbox', act: toTour },
	{ name: 'tour-pointed', url: '?scene=tour#/inbox', act: pointAtRecord },
	{ name: 'read-sheet', url: '?scene=usual#/thread/sheet' },
	{ name: 'undo', url: '?scene=usual#/thread/choir', act: archive },
	{ name: 'welcome', url: '?scene=welcome' },
	{ name: 'invited', url: '?scene=fleeting#i=aB3' },
	{ name: 'restore', url: '?scene=welcome', act: restore },
	{ name: 'menu', url: '?scene=usual#/thread/roof', act: openMenu },
	{ name: 'link', url: '?scene=usual#/inbox', act: openLink },
	{ name: 'invite', url: '?scene=usual#i=aB3' },
	{ name: 'insecure', url: '?scene=insecure' }
];

interface Size {
	readonly name: 'desktop' | 'tablet' | 'phone';
	readonly width: number;
	readonly height: number;
	/** Of the picture: its pixels for one of the page. */
	readonly scale: number;
}

export const SIZES: readonly Size[] = [
	{ name: 'desktop', width: 1440, height: 900, scale: 1 },
	{ name: 'tablet', width: 900, height: 700, scale: 1 },
	{ name: 'phone', width: 390, height: 844, scale: 2 }
];

async function chooseTwo(page: Page) {
	await page.getByRole('checkbox', { name: /Rehearsal/ }).check({ force: true });
	await page.getByRole('checkbox', { name: /Minutes/ }).click({ force: true });
	await page.getByRole('toolbar', { name: 'Chosen conversations' }).waitFor();
}

async function offerLetter(page: Page) {
	await composeToOrdinary(page);
	await page.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.type('They hang behind the door.');
	await page.getByRole('button', { name: 'Send as a link' }).click();
	await page.getByRole('dialog').waitFor();
}

async function searchOffer(page: Page) {
	await page.getByRole('searchbox').or(page.getByRole('combobox')).first().fill('roof');
	await page.getByRole('button', { name: 'Keep this search' }).waitFor();
}

async function keepSearch(page: Page) {
	await searchOffer(page);
	await page.getByRole('button', { name: 'Keep this search' }).click();
}

async function openMore(page: Page) {
	await chooseTwo(page);
	await page.getByRole('button', { name: 'More to do with these' }).click();
}

function pressKey(key: string) {
	return async (page: Page) => {
		await page.getByTestId('mail-list').waitFor({ state: 'attached' });
		await page.keyboard.press(key);
		await page.getByRole('dialog').waitFor();
	};
}

async function findRoof(page: Page) {
	await page.getByTestId('mail-list').waitFor({ state: 'attached' });
	await page.keyboard.press('Control+k');
	await page.getByRole('combobox', { name: 'Command, label' }).fill('ro');
}

async function editLabel(page: Page) {
	await page.getByRole('button', { name: 'Change House / Roof' }).click();
	await page.getByRole('heading', { name: 'Labels' }).scrollIntoViewIfNeeded();
}

async function tryRule(page: Page) {
	await page.getByRole('button', { name: 'New rule' }).click();
	await page.getByRole('textbox', { name: 'Subject' }).fill('offer');
	await page.getByRole('checkbox', { name: 'Star' }).check();
	await page.getByRole('button', { name: 'Try it' }).click();
	await page.getByText('Nothing was changed').waitFor();
	await page.getByText('Nothing was changed').scrollIntoViewIfNeeded();
}

async function openLists(page: Page) {
	const lists = page.getByRole('button', { name: 'Inbox: other lists' });
	if (await lists.isVisible()) await lists.click();
	const own = page.getByRole('button', { name: 'Labels and kept searches' });
	if (await own.isVisible()) await own.click();
}

async function untilInvited(page: Page) {
	await page.getByRole('region', { name: 'Invitation' }).waitFor();
}

async function openPdf(page: Page) {
	await page.getByRole('button', { name: /^Open offer.pdf/ }).click();
	await page.frameLocator('[data-testid=pdf]').locator('canvas').waitFor();
}

async function openReply(page: Page) {
	await page.getByRole('button', { name: 'Reply to Mira and Tom' }).click();
	await page.getByRole('textbox', { name: 'Text of the message' }).waitFor();
}

async function play(page: Page) {
	await page.getByRole('button', { name: /^Play/ }).click();
	await page.locator('audio').waitFor();
}

async function failToPlay(page: Page) {
	await play(page);
	await page.locator('audio').evaluate((player) => {
		if (player instanceof HTMLMediaElement) player.src = 'data:audio/wav,nothing';
	});
	await page.getByText('cannot be played').waitFor();
}

async function openPeople(page: Page) {
	await page.getByRole('button', { name: 'People in this conversation' }).click();
}

async function askToLeave(page: Page) {
	await openPeople(page);
	await page.getByRole('button', { name: 'Leave conversation' }).click();
}

async function removeWithoutRoom(page: Page) {
	await openPeople(page);
	await page.getByRole('button', { name: 'Remove Ines Vogt' }).click();
	await page.getByRole('button', { name: 'Remove', exact: true }).click();
	await page.getByRole('dialog').getByRole('alert').waitFor();
}

async function answerInFull(page: Page) {
	await page.getByRole('button', { name: /^Reply to / }).click();
	await page.getByRole('link', { name: 'Change people and subject' }).click();
}

async function addSomebody(page: Page) {
	await answerInFull(page);
	await page.getByRole('button', { name: 'Cc, Bcc' }).click();
	await page.getByRole('combobox', { name: 'Cc', exact: true }).fill('Jonas');
	await page.keyboard.press('Enter');
	await page.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.type('Jonas knows about insulation, so I ask him too.');
}

async function addInline(page: Page) {
	await addSomebody(page);
	await page.getByRole('button', { name: 'Close, keep as draft' }).click();
	await page.goto(page.url().replace(/#.*/, '#/thread/roof'));
	await page.getByTestId('course').scrollIntoViewIfNeeded();
}

async function leaveSomebodyOut(page: Page) {
	await answerInFull(page);
	await page.getByRole('button', { name: 'Remove Ines Vogt' }).click();
}

async function openWhy(page: Page) {
	await page.getByText('Why isn’t it there yet?').last().click();
}

async function openDeparture(page: Page) {
	await page.getByTestId('departure').nth(1).locator('summary').click();
}

async function openDetails(page: Page) {
	await page.getByTitle('Show all details').click();
}

/** Two at once: one minimised, one as a window; on a phone one fills the screen. */
async function writeTwo(page: Page) {
	await compose(page);
	if (page.viewportSize()?.width === 390) return;
	await page.getByRole('textbox', { name: 'Subject' }).focus();
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Write' }).click();
	await page.getByRole('textbox', { name: 'Subject' }).fill('Paint for the stairs');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Keys for the attic' }).click();
}

async function sendOne(page: Page) {
	await page.getByRole('button', { name: 'Write' }).click();
	await page.getByRole('combobox', { name: 'To' }).fill('Mira');
	await page.keyboard.press('Enter');
	await page.getByRole('textbox', { name: 'Subject' }).fill('Keys for the attic');
	await page.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.type('They hang behind the door.');
	await page.getByRole('button', { name: 'Send', exact: true }).click();
	await page.getByTestId('held').waitFor();
}

async function sendAnswer(page: Page) {
	await page.getByRole('button', { name: /^Reply to / }).click();
	await page.keyboard.type('Thank you, the second offer it is.');
	await page.getByRole('button', { name: 'Send', exact: true }).click();
	await page.getByTestId('held').waitFor();
	await page.getByRole('region', { name: 'Your reply' }).scrollIntoViewIfNeeded();
}

async function compose(page: Page) {
	await page.getByRole('button', { name: 'Write' }).click();
	await page.getByRole('combobox', { name: 'To' }).fill('Mira');
	await page.keyboard.press('Enter');
	await page.getByRole('textbox', { name: 'Subject' }).fill('Keys for the attic');
	await page.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.type('They hang behind the door.\nTwo things before you go up:');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: 'List' }).click();
	await page.keyboard.type('the light is on the left\nmind the third step');
	await page
		.getByLabel('Files to attach')
		.setInputFiles({ name: 'attic.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(2_400_000) });
	await page.getByRole('combobox', { name: 'To' }).pressSequentially('i');
}

async function composeOnRecord(page: Page) {
	await compose(page);
	await page.getByRole('switch', { name: 'On the record' }).click();
}

function takeParcel(name: string) {
	return async (page: Page) => {
		const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from('parcel') };
		await page.getByLabel('Choose a parcel').setInputFiles(file);
		await page.getByTestId('parcel').waitFor();
	};
}

function handOver(name: string) {
	return async (page: Page) => {
		await page.getByTestId('contact').filter({ hasText: name }).click();
		await page.getByRole('button', { name: 'Hand over' }).click();
		await page.getByRole('dialog').locator('.part').waitFor();
	};
}

async function saveParcel(page: Page) {
	await handOver('Mira')(page);
	await page.getByRole('button', { name: 'Save as a file' }).click();
	await page.getByTestId('handed-over').waitFor();
}

async function showCodes(page: Page) {
	await handOver('Tom')(page);
	await page.getByRole('button', { name: 'Show QR codes' }).click();
	await page.getByTestId('codes').waitFor();
}

/** The gallery's browser has no camera. */
async function scanCodes(page: Page) {
	await page.getByRole('button', { name: 'Scan QR codes' }).click();
	await page.getByText('There is no camera here').waitFor();
}

function chooseProof(name: string) {
	return async (page: Page) => {
		const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from('proof') };
		await page.locator('input[type=file]').setInputFiles(file);
		await page.getByTestId('proof').waitFor();
	};
}

async function composeToOrdinary(page: Page) {
	await page.getByRole('button', { name: 'Write' }).click();
	await page.getByRole('combobox', { name: 'To' }).fill('hans@example.org');
	await page.keyboard.press('Enter');
	await page.getByText('Copy invite').waitFor();
}

async function openMenu(page: Page) {
	const card = page.getByTestId('message').last();
	await card.hover();
	await card.getByRole('button', { name: 'Answer this message' }).click();
}

async function openLink(page: Page) {
	await page.getByRole('button', { name: 'Write' }).click();
	await page.getByRole('button', { name: 'Link', exact: true }).click();
	await page.getByLabel('Address of the page').fill('nonsense');
	await page.getByRole('button', { name: 'Add link' }).click();
}

async function newGroup(page: Page) {
	await page.getByRole('button', { name: 'Add people or groups' }).click();
	await page.getByRole('button', { name: 'New group' }).click();
	await page.getByRole('checkbox', { name: /Mira/ }).check();
}

function openTab(name: string) {
	return async (page: Page) => {
		await openContact(page);
		await page.getByRole('tab', { name }).click();
	};
}

async function renameContact(page: Page) {
	await openContact(page);
	await page
		.getByLabel('Picture of Mira Kessler', { exact: true })
		.setInputFiles('static/icon-512.png');
	await page.getByRole('button', { name: 'Call Mira Kessler something else' }).click();
	await page.getByRole('textbox', { name: 'Your name for Mira Kessler' }).fill('Mira (roof)');
	await page.keyboard.press('Enter');
}

async function openContact(page: Page) {
	await page.getByTestId('contact').filter({ hasText: 'Mira' }).click();
	await page.getByRole('button', { name: 'Copy address' }).waitFor();
}

async function bringCards(page: Page) {
	await page.getByRole('button', { name: 'Add people or groups' }).click();
	await page.getByRole('button', { name: 'Bring an address book' }).click();
	await page
		.getByLabel('Address books')
		.setInputFiles({ name: 'all.vcf', mimeType: 'text/vcard', buffer: Buffer.from('BEGIN:VCARD') });
	await page.getByRole('button', { name: /^Bring \d/ }).waitFor();
	await page.getByText('Who is new').click();
}

async function chooseToMerge(page: Page) {
	await page.getByTestId('contact').filter({ hasText: 'Tom' }).click();
	await page.getByRole('button', { name: 'More to do with Tom Berger' }).click();
	await page.getByRole('button', { name: 'Merge with another entry' }).click();
	await page.getByRole('button', { name: /T\. Berger/ }).click();
	await page.getByRole('button', { name: 'Merge', exact: true }).waitFor();
}

async function mergeContact(page: Page) {
	await chooseToMerge(page);
	await page.getByRole('button', { name: 'Merge', exact: true }).click();
	await page.getByText('berger@example.org').first().waitFor();
}

async function splitContact(page: Page) {
	await mergeContact(page);
	await page.getByRole('button', { name: 'More to do with Tom Berger' }).click();
	await page.getByRole('button', { name: 'Split into separate people' }).click();
}

async function showWords(page: Page) {
	await page.getByRole('button', { name: 'Show words' }).click();
	await page.getByRole('dialog').waitFor();
}

async function confirmWords(page: Page) {
	await showWords(page);
	await page.getByRole('button', { name: 'They are on paper' }).click();
	await page
		.getByLabel(/^Word /)
		.first()
		.fill('wrong');
	await page.getByRole('button', { name: 'Confirm' }).click();
}

async function toTour(page: Page) {
	await page.getByRole('region', { name: 'A look around' }).scrollIntoViewIfNeeded();
}

async function pointAtRecord(page: Page) {
	const tour = page.getByRole('region', { name: 'A look around' });
	for (let read = 0; read < 3; read++) await tour.getByRole('button', { name: 'Next' }).click();
	await tour.getByText('Off the record').waitFor();
	await tour.getByRole('button', { name: 'Show it' }).click();
	await page.locator('[data-pointed]').waitFor();
}

async function archive(page: Page) {
	await page.getByRole('toolbar').getByRole('button', { name: 'Archive' }).click();
	await page.getByRole('button', { name: 'Undo' }).waitFor();
}

async function restore(page: Page) {
	await page.getByRole('button', { name: 'I have my words' }).click();
	await page.getByLabel('Your 24 words').fill('abandon glow march');
	await page.getByLabel('Your name').fill('Lena');
	await page.getByRole('button', { name: 'Bring it back' }).click();
	await page.getByRole('alert').waitFor();
}

/** Resolves when fonts and frames are there, nothing moves, and two paints in a row are laid out alike. */
export async function settle(page: Page): Promise<void> {
	await Promise.all(page.frames().map((frame) => frame.waitForLoadState()));
	await page.evaluate(async () => {
		const layout = () =>
			[...document.querySelectorAll('body *')]
				.map((element) => Object.values(element.getBoundingClientRect().toJSON()).join())
				.join(';');
		await document.fonts.ready;
		for (let [before, after] = ['', layout()]; before !== after;) {
			// One that is cancelled has ended as well.
			await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
			await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
			[before, after] = [after, layout()];
		}
	});
}

export interface Shooting {
	readonly shots: readonly Shot[];
	readonly sizes: readonly Size[];
	/** Part of the names of those that are taken; absent: all are. */
	readonly wanted?: string;
	/** Called with each page as it is to be seen; `name`: of the shot, the size and the scheme. */
	readonly take: (page: Page, name: string) => Promise<unknown>;
}

/** Each in every size, light and dark. */
export async function shoot(
	{ browser, url }: Pick<OpenGallery, 'browser' | 'url'>,
	{ shots, sizes, wanted = '', take }: Shooting
): Promise<void> {
	for (const size of sizes) {
		for (const scheme of ['light', 'dark'] as const) {
			const { width, height } = size;
			const context = await browser.newContext({
				viewport: { width, height },
				deviceScaleFactor: size.scale,
				colorScheme: scheme,
				hasTouch: size.name === 'phone',
				isMobile: size.name === 'phone',
				reducedMotion: 'reduce'
			});
			for (const shot of shots) {
				const name = `${shot.name}-${size.name}-${scheme}`;
				if (!name.includes(wanted)) continue;
				const page = await context.newPage();
				page.on('pageerror', (error) => {
					console.error(name, error);
				});
				page.on('console', (message) => {
					if (message.type() === 'error') console.error(name, message.text());
				});
				await page.clock.setFixedTime(NOW);
				await page.goto(`${url}${shot.url}`);
				await shot.act?.(page);
				await settle(page);
				await take(page, name);
				await page.close();
			}
			await context.close();
		}
	}
}

if (process.argv[1] === import.meta.filename) {
	await using gallery = await openGallery();
	await shoot(gallery, {
		shots: SHOTS,
		sizes: SIZES,
		wanted: process.argv[2] ?? '',
		take: (page, name) => page.screenshot({ path: `test-results/shots/${name}.png` })
	});
}
