/** People: groups, and the page of a contact, on the fixture in a real browser. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { findFaults, openStage } from './stage.ts';

const stage = openStage();
const show = (fragment: string, viewport?: { width: number; height: number }) =>
	stage('usual', fragment, viewport && { viewport });

const group = (page: Page, name: string) => page.getByTestId('group').filter({ hasText: name });

test('a group is made, written to, renamed, deleted and brought back', async () => {
	const page = await show('#/people');
	await page.getByRole('button', { name: 'Add people or groups' }).click();
	await page.getByRole('button', { name: 'New group' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('textbox', { name: 'Name of the group' }).fill('Choir');
	await dialog.getByRole('searchbox', { name: 'Find people' }).fill('kess');
	await dialog.getByRole('checkbox').check();
	await dialog.getByRole('searchbox', { name: 'Find people' }).fill('');
	await dialog.getByRole('checkbox', { name: /Jonas/ }).check();
	await dialog.getByRole('button', { name: 'Make group' }).click();
	await dialog.getByRole('alert').waitFor();
	expect(await findFaults(page)).toEqual([]);
	await dialog.getByRole('textbox', { name: 'Name of the group' }).fill('Board');
	await dialog.getByRole('button', { name: 'Make group' }).click();
	await page.getByRole('heading', { name: 'Board' }).waitFor();
	await page.getByRole('button', { name: 'Take Jonas Lind out of this group' }).click();
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByRole('button', { name: 'Take Jonas Lind out of this group' }).waitFor();
	await page.getByRole('button', { name: 'More to do with this group' }).click();
	await page.getByRole('button', { name: 'Rename' }).click();
	await dialog.getByRole('textbox', { name: 'Name of the group' }).fill('Owners');
	await page.keyboard.press('Enter');
	await group(page, 'Owners').waitFor();
	await page.getByRole('button', { name: 'More to do with this group' }).click();
	await page.getByRole('button', { name: 'Delete group' }).click();
	await group(page, 'Owners').waitFor({ state: 'detached' });
	await page.getByRole('button', { name: 'Undo' }).click();
	await group(page, 'Owners').click();
	await page.getByRole('button', { name: 'Write to all' }).click();
	await page.getByRole('heading', { name: 'New message' }).waitFor();
});

test('people are found by name and walked through by arrows', async () => {
	const page = await show('#/people');
	await page.getByTestId('contact').first().waitFor();
	await page.keyboard.press('/');
	await page.keyboard.type('ho');
	await expect.poll(() => page.getByTestId('contact').count()).toBe(0);
	await group(page, 'House').waitFor();
	await page.keyboard.press('Escape');
	await page.keyboard.type('ines');
	await page.keyboard.press('Enter');
	await expect.poll(() => page.locator(':focus').innerText()).toContain('Ines Vogt');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Ines Vogt' }).waitFor();
	await page.getByRole('searchbox', { name: 'Search people' }).fill('nobody at all');
	await page.getByText('Nobody found').waitFor();
});

test.each([
	['phone', { width: 390, height: 844 }],
	['desktop', { width: 1440, height: 900 }]
])('%s: the tabs of a contact have no fault that axe can see', async (_name, size) => {
	const page = await show('#/people', size);
	await page.getByTestId('contact').filter({ hasText: 'Mira' }).click();
	await page.getByRole('tab', { name: 'About' }).focus();
	for (const words of ['Has the key', 'Roof: the second offer', 'roof-north.jpg']) {
		await page
			.getByRole('tabpanel')
			.getByText(words)
			.or(page.getByRole('textbox', { name: 'Notes' }))
			.first()
			.waitFor();
		expect(await findFaults(page), words).toEqual([]);
		await page.keyboard.press('ArrowRight');
	}
	await page.getByRole('button', { name: /^Open roof-north.jpg/ }).waitFor();
});

test('another name, another picture, and both taken back', async () => {
	const page = await show('#/people');
	const row = page.getByTestId('contact').filter({ hasText: 'Mira' });
	await row.click();
	await page
		.getByLabel('Picture of Mira Kessler', { exact: true })
		.setInputFiles('static/icon-192.png');
	await row.getByTestId('photo').waitFor();
	await page.getByRole('button', { name: 'Undo' }).click();
	await row.getByTestId('photo').waitFor({ state: 'detached' });
	await page.getByLabel('Picture of Mira Kessler', { exact: true }).setInputFiles({
		...{ name: 'mira.png', mimeType: 'image/png' },
		buffer: Buffer.from('<svg onload="alert(1)"/>')
	});
	await page.getByText('could not be read as a picture').waitFor();
	await page.getByRole('button', { name: 'Call Mira Kessler something else' }).click();
	await page.keyboard.type('Mimi');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Call Mira Kessler something else' }).click();
	await page.getByRole('textbox', { name: 'Your name for Mira Kessler' }).fill('Mimi');
	await page.keyboard.press('Enter');
	await page.getByText('calls themselves Mira Kessler').waitFor();
	await page.getByTestId('contact').filter({ hasText: 'Mimi' }).waitFor();
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByRole('heading', { name: 'Mira Kessler' }).waitFor();
});

test('an address book is chosen, looked at and brought', async () => {
	const page = await show('#/people', { width: 390, height: 844 });
	const choose = (name: string) =>
		page
			.getByLabel('Address books')
			.setInputFiles({ name, mimeType: 'text/vcard', buffer: Buffer.from('BEGIN:VCARD') });
	await page.getByRole('button', { name: 'Add people or groups' }).click();
	await page.getByRole('button', { name: 'Bring an address book' }).click();
	await choose('none.vcf');
	await page.getByRole('dialog').getByRole('alert').waitFor();
	expect(await findFaults(page)).toEqual([]);
	await choose('all.vcf');
	await page.getByRole('checkbox', { name: /Mira Kessler is the same as Mira Kessler/ }).check();
	await page.getByText('Who is new').click();
	await page.getByText('山田太郎').waitFor();
	expect(await findFaults(page)).toEqual([]);
	await page.getByRole('button', { name: 'Bring 6 people' }).click();
	await page.getByTestId('cards-brought').waitFor();
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: 'Undo' }).click();
	await page.getByText('Undone').waitFor();
});

test('two entries become one person, and two again; an ordinary one is invited, or removed', async () => {
	const page = await show('#/people');
	const rows = page.getByTestId('contact').filter({ hasText: 'Berger' });
	await rows.filter({ hasText: 'T. Berger' }).click();
	await page.getByRole('link', { name: 'Invite by mail' }).waitFor();
	expect(await findFaults(page)).toEqual([]);
	await page.getByRole('button', { name: 'More to do with T. Berger' }).click();
	await page.getByRole('button', { name: 'Remove from people' }).click();
	await page.getByRole('button', { name: 'Undo' }).click();
	await rows.filter({ hasText: 'Tom Berger' }).click();
	await page.getByRole('button', { name: 'More to do with Tom Berger' }).click();
	await page.getByRole('button', { name: 'Merge with another entry' }).click();
	await page.getByRole('dialog').getByRole('searchbox', { name: 'Find people' }).fill('berg');
	await page
		.getByRole('dialog')
		.getByRole('button', { name: /T\. Berger/ })
		.click();
	await page.getByRole('radio', { name: 'T. Berger' }).check();
	expect(await findFaults(page)).toEqual([]);
	await page.getByRole('button', { name: 'Merge', exact: true }).click();
	await page.getByText('2 addresses').waitFor();
	await expect.poll(() => rows.count()).toBe(1);
	expect(await findFaults(page)).toEqual([]);
	await page.getByRole('button', { name: 'More to do with T. Berger' }).click();
	await page.getByRole('button', { name: 'Split into separate people' }).click();
	await page.getByRole('button', { name: 'Split', exact: true }).click();
	await expect.poll(() => rows.count()).toBe(2);
});

test('somebody is added by an ordinary mail address, and by no other', async () => {
	const page = await show('#/people');
	await page.getByRole('button', { name: 'Add people or groups' }).click();
	await page.getByRole('button', { name: 'Add by mail address' }).click();
	await page.getByLabel('Name', { exact: true }).fill('Hanne');
	await page.getByRole('textbox', { name: 'Mail address' }).fill('hanne');
	await page.keyboard.press('Enter');
	await page.getByRole('dialog').getByRole('alert').waitFor();
	expect(await findFaults(page)).toEqual([]);
	await page.getByRole('textbox', { name: 'Mail address' }).fill('hanne@example.org');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Hanne' }).waitFor();
});
