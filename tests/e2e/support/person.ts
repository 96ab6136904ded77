/** What a person does in the app, in the words of the scenarios. Finds everything by role and name. */
import { expect, type Locator, type Page } from '@playwright/test';

export interface Letter {
	readonly to?: readonly string[];
	readonly cc?: readonly string[];
	readonly bcc?: readonly string[];
	readonly subject: string;
	readonly text: string;
	/** The last day on which it is kept, as `2030-01-31`. */
	readonly until?: string;
}

/** Opens the app and makes an identity; from an invite link, as its guest. */
export async function begin(page: Page, url: string, name: string): Promise<void> {
	await page.goto(url);
	await page.getByLabel('Your name').fill(name);
	await page.getByRole('button', { name: 'Begin' }).click();
	await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
}

export async function inviteLink(page: Page): Promise<string> {
	await page.getByRole('link', { name: 'People' }).first().click();
	const field = page.getByLabel('Invite link', { exact: true }).first();
	await expect(field).not.toHaveValue('');
	const link = await field.inputValue();
	await toInbox(page);
	return link;
}

export async function toInbox(page: Page): Promise<void> {
	await page
		.getByRole('link', { name: /^Inbox/ })
		.first()
		.click();
}

/** The screen's word: `offline`, `waiting`, `relay` or `direct`. */
export async function expectConnection(page: Page, state: string): Promise<void> {
	await expect(page.getByTestId('connection').first()).toHaveAttribute('data-state', state, {
		timeout: 30_000
	});
}

/** Opens a composer and fills it, without sending. */
export async function compose(page: Page, letter: Letter): Promise<Locator> {
	await page.getByRole('button', { name: 'Write' }).first().click();
	const composer = page.getByRole('group', { name: 'Message', exact: true });
	await expect(composer).toBeVisible();
	if (letter.cc || letter.bcc) await composer.getByRole('button', { name: 'Cc, Bcc' }).click();
	for (const [label, people] of [
		['To', letter.to],
		['Cc', letter.cc],
		['Bcc', letter.bcc]
	] as const) {
		for (const person of people ?? []) {
			const field = composer.getByRole('combobox', { name: label, exact: true });
			await field.fill(person);
			await page
				.getByRole('option', { name: new RegExp(person) })
				.first()
				.click();
		}
	}
	await composer.getByRole('textbox', { name: 'Subject' }).fill(letter.subject);
	const text = composer.getByRole('textbox', { name: 'Text of the message' });
	await text.click();
	await page.keyboard.insertText(letter.text);
	if (letter.until !== undefined) {
		await composer.getByRole('combobox', { name: 'Keep' }).selectOption('date');
		await composer.getByLabel('Last day').fill(letter.until);
	}
	return composer;
}

/** What else a composer can do: its menu. */
export async function chooseMore(composer: Locator, name: string): Promise<void> {
	await composer.getByRole('button', { name: 'More for this message' }).click();
	await composer.getByRole('button', { name }).click();
}

/** Writes a letter and sends it; resolves as soon as the screen shows it as written. */
export async function write(page: Page, letter: Letter): Promise<void> {
	const composer = await compose(page, letter);
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
}

/** The first visit is complete: from now on the app opens without a network. */
export async function untilInstalled(page: Page): Promise<void> {
	await page.evaluate(async () => {
		await navigator.serviceWorker.ready;
	});
}

export function row(page: Page, subject: string): Locator {
	return page.getByTestId('thread-row').filter({ hasText: subject });
}

/** Waits for a thread in the list and opens it. */
export async function open(page: Page, subject: string): Promise<void> {
	await expect(row(page, subject).first()).toBeVisible({ timeout: 45_000 });
	await row(page, subject).first().click();
	await expect(page.getByRole('heading', { name: subject }).first()).toBeVisible();
}

/** A message of the open thread that contains this text, in plain or in its frame. */
export async function expectText(page: Page, text: string): Promise<void> {
	await expect
		.poll(
			async () => {
				const frames = page.frames().filter((frame) => frame !== page.mainFrame());
				const bodies = await Promise.all(
					[page.mainFrame(), ...frames].map((frame) =>
						frame
							.locator('body')
							.innerText()
							.catch(() => '')
					)
				);
				return bodies.join('\n');
			},
			{ timeout: 45_000 }
		)
		.toContain(text);
}

/** Answers in the open thread. */
export async function answer(page: Page, kind: 'Reply' | 'Reply all', text: string): Promise<void> {
	const section = page.getByRole('region', { name: 'Your reply' });
	await section.getByRole('button', { name: kind, exact: true }).click();
	const composer = section.getByRole('group', { name: 'Message', exact: true });
	await composer.getByRole('textbox', { name: 'Text of the message' }).click();
	await page.keyboard.insertText(text);
	await composer.getByRole('button', { name: 'Send' }).click();
	await expect(composer).toBeHidden();
}

/** The status of one's own newest message in the open thread, for one recipient. */
export async function expectStatus(
	page: Page,
	name: string,
	state: string,
	moreMs = 0
): Promise<void> {
	const status = page.getByTestId('recipient-status').filter({ hasText: name }).last();
	await expect(status).toHaveAttribute('data-state', state, { timeout: 45_000 + moreMs });
}
