/** What a person who reads sees: quotes folded, pictures asked for, what is new, a sheet to print. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { answer, compose, expectText, open, row, toInbox, write } from './support/person.ts';

const MARK = 'PUT-IT-HERE';
const PICTURE = 'https://pictures.example/quay.png';
const NEWS = [
	`<p style="color: #333">The quay is open again.</p><img src="${PICTURE}" alt="The quay">`,
	`<img src="${PICTURE}?spy" width="1" height="1">`,
	'<p>On 20 November 2025 at 18:12 Bob wrote:</p><blockquote>Is the quay open?</blockquote>'
].join('');

/** As a newsletter's program would, which the composer is not: HTML with pictures from elsewhere. */
const NEWSLETTER = `(() => {
	const own = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
	Object.defineProperty(Element.prototype, 'innerHTML', {
		...own,
		get() {
			return own.get.call(this).replace('${MARK}', ${JSON.stringify(NEWS)});
		}
	});
})()`;

/** Keeps what would be printed, in place of the browser's dialog. */
const WITHOUT_PRINTER = `(() => {
	const own = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow');
	Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', {
		...own,
		get() {
			const inner = own.get.call(this);
			if (inner && 'sheet' in this.dataset) {
				inner.print = () => { globalThis.printed = inner.document.body.innerText; };
			}
			return inner;
		}
	});
})()`;

test('mail: reading', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const alice = await openProfile('alice', { initScript: NEWSLETTER });
	const bob = await openProfile('bob', { initScript: WITHOUT_PRINTER });
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	const asked = await servePictures(bob.page);
	await write(alice.page, { to: ['Bob'], subject: 'Harbour News', text: MARK });
	await open(bob.page, 'Harbour News');
	await expectText(bob.page, 'The quay is open again.');

	const mail = bob.page.getByTestId('message').frameLocator('iframe');
	await expect(mail.getByText('Is the quay open?')).toBeHidden();
	await mail.getByText('…').click();
	await expect(mail.getByText('Is the quay open?')).toBeVisible();

	await expect(bob.page.getByTestId('pictures')).toContainText(
		'1 picture from elsewhere not shown'
	);
	expect(asked).toEqual([]);
	await bob.page.getByRole('button', { name: 'Load for this message' }).click();
	await expect.poll(() => mail.getByAltText('The quay').evaluate(pixelsOf)).toBe(8);
	expect(asked).toEqual([{ url: PICTURE, referer: undefined, cookie: undefined }]);

	const message = bob.page.getByTestId('message');
	await message.hover();
	await message.getByRole('button', { name: 'Answer this message, and more' }).click();
	await bob.page.getByRole('button', { name: 'Print' }).click();
	await expect
		.poll(() => bob.page.evaluate((): unknown => Reflect.get(globalThis, 'printed')))
		.toMatch(/Harbour News[^]*From[^]*Alice[^]*The quay is open again/);

	await toInbox(bob.page);
	await open(alice.page, 'Harbour News');
	await answer(alice.page, 'Reply', 'And the ferry runs.');
	await expect(row(bob.page, 'And the ferry runs.')).toBeVisible({ timeout: 45_000 });
	await open(bob.page, 'Harbour News');
	await expectText(bob.page, 'And the ferry runs.');
	const line = bob.page.getByTestId('new-line');
	await expect(line).toBeInViewport();
	await expect(bob.page.locator('.slot', { has: line })).toContainText('Alice');
	await expect(bob.page.getByTestId('message')).toHaveCount(2);
});

function pixelsOf(element: Element): number {
	return element instanceof HTMLImageElement || 'naturalWidth' in element
		? Number(Reflect.get(element, 'naturalWidth'))
		: 0;
}

/** A server of pictures that answers; what it was asked, and what it was told with it. */
async function servePictures(page: Page) {
	const asked: { url: string; referer: string | undefined; cookie: string | undefined }[] = [];
	await page.context().route('https://pictures.example/**', async (route) => {
		const { referer, cookie } = await route.request().allHeaders();
		asked.push({ url: route.request().url(), referer, cookie });
		await route.fulfill({
			contentType: 'image/svg+xml',
			body: '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'
		});
	});
	return asked;
}

const DINNER = [
	'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT',
	'UID:dinner-1\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Dinner at the quay',
	'DTSTART:20300703T170000Z\r\nDTEND:20300703T190000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
].join('\r\n');

test('mail: an invitation is answered', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	const composer = await compose(alice.page, {
		to: ['Bob'],
		subject: 'Dinner',
		text: 'Will you come?'
	});
	await composer.getByLabel('Files to attach').setInputFiles({
		name: 'dinner.ics',
		mimeType: 'text/calendar',
		buffer: Buffer.from(DINNER)
	});
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();

	await open(bob.page, 'Dinner');
	const asked = bob.page.getByRole('region', { name: 'Invitation' }).first();
	await expect(asked).toContainText('Alice invites you');
	await expect(asked).toContainText('Dinner at the quay');
	await asked.getByRole('button', { name: 'Accept' }).click();
	await expect(asked).toContainText('You accepted');

	await open(alice.page, 'Dinner');
	await expectText(alice.page, 'Accepted: Dinner at the quay');
	await expect(alice.page.getByRole('region', { name: 'Invitation' }).last()).toContainText(
		'Bob accepted',
		{ timeout: 30_000 }
	);
	await bob.page.reload();
	await expect(asked).toContainText('You accepted');
});
