/** From a link to the first mail that is sent, on a phone: what a person has to do for it, counted. */
import type { Page } from '@playwright/test';
import { expect, test } from './support/fixtures.ts';
import { begin, expectConnection, inviteLink, open } from './support/person.ts';

const PHONE = { viewport: { width: 390, height: 844 } } as const;
const MOST_STEPS = 6;

/** Counts what is tapped, typed or chosen; opening the link is where counting begins. */
function createSteps() {
	const done: string[] = [];
	return {
		done,
		async tap(page: Page, name: string) {
			await page.getByRole('button', { name, exact: true }).click();
			done.push(`tap ${name}`);
		},
		async type(page: Page, text: string) {
			await page.keyboard.insertText(text);
			done.push(`type ${text}`);
		}
	};
}

test('mail: first letter', async ({ startRelay, openProfile }) => {
	test.setTimeout(120_000);
	const relay = await startRelay();
	const [alice, bob, carol] = [
		await openProfile('alice', { isWhole: true }),
		await openProfile('bob', { ...PHONE, isWhole: true }),
		await openProfile('carol', { ...PHONE, isWhole: true })
	];
	await begin(alice.page, relay.url, 'Alice');
	await expectConnection(alice.page, 'relay');
	const link = await inviteLink(alice.page);
	await alice.page.getByRole('link', { name: 'Settings' }).first().click();
	const address = await alice.page.getByTestId('my-address').innerText();

	// By an invite: every field that is to be filled has the focus already.
	const invited = createSteps();
	await bob.page.goto(link);
	await expect(bob.page.getByLabel('Your name')).toBeFocused();
	await invited.type(bob.page, 'Bob');
	await invited.tap(bob.page, 'Begin');
	await invited.tap(bob.page, 'Say hello to Alice');
	await expect(bob.page.getByRole('textbox', { name: 'Subject' })).toBeVisible();
	await bob.page.getByRole('textbox', { name: 'Text of the message' }).click();
	await invited.type(bob.page, 'Here I am.');
	await invited.tap(bob.page, 'Send');
	await expect(bob.page.getByRole('group', { name: 'Message', exact: true })).toBeHidden();
	expect(invited.done.length).toBeLessThanOrEqual(MOST_STEPS);

	// By the bare address of the app, to somebody whose address is on a card.
	const alone = createSteps();
	await carol.page.goto(relay.url);
	await expect(carol.page.getByLabel('Your name')).toBeFocused();
	await alone.type(carol.page, 'Carol');
	await alone.tap(carol.page, 'Begin');
	await expectConnection(carol.page, 'relay');
	await alone.tap(carol.page, 'Write');
	await expect(carol.page.getByRole('combobox', { name: 'To', exact: true })).toBeFocused();
	await alone.type(carol.page, `${address},`);
	await carol.page.getByRole('textbox', { name: 'Text of the message' }).click();
	await alone.type(carol.page, 'Hello, we met at the harbour.');
	await alone.tap(carol.page, 'Send');
	await expect(carol.page.getByRole('group', { name: 'Message', exact: true })).toBeHidden();
	expect(alone.done.length).toBeLessThanOrEqual(MOST_STEPS);

	// Both are there, and the page that says what left knows of the knock.
	await alice.page
		.getByRole('link', { name: /^Requests/ })
		.first()
		.click();
	await expect(alice.page.getByText('Carol').first()).toBeVisible({ timeout: 45_000 });
	await alice.page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
	await open(alice.page, 'No subject');
	await bob.page.goto(`${relay.url}/#/traffic`);
	for (const kind of ['keep', 'knock', 'listen', 'relay']) {
		await expect(
			bob.page.locator(`[data-testid=departure][data-kind=${kind}]`).first()
		).toBeVisible();
	}
});
