/** What the system hands over to an installed mail app: links, and what other programs share. */
import { expect, test } from './support/fixtures.ts';
import { begin } from './support/person.ts';

test('mail: handed over', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const { page } = await openProfile('alice');
	await begin(page, relay.url, 'Alice');
	const composer = page.getByRole('group', { name: 'Message', exact: true });
	const subject = composer.getByLabel('Subject');

	// A link on a web page, as the browser hands it over.
	const link = 'mailto:bob@example.org?subject=Caf%C3%A9&body=One%0D%0A%3Cb%3Etwo%3C/b%3E';
	await page.goto(`${relay.url}#/write/${encodeURIComponent(link)}`);
	await expect(subject).toHaveValue('Café');
	await expect(composer.getByText('bob@example.org', { exact: true })).toBeVisible();
	await expect(composer.getByText('<b>two</b>')).toBeVisible();
	// Going back does not begin another one.
	await page.goBack();
	await page.goForward();
	await expect(subject).toHaveValue('Café');
	await page.getByRole('link', { name: /^Drafts/ }).click();
	await expect(page.getByRole('link', { name: /Café/ })).toHaveCount(1);

	// Another program's file, as the browser posts it. The page is the worker's from its first load on.
	await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller)).not.toBeNull();
	// A page of this origin without the app's policy, which forbids forms.
	await page.goto(`${relay.url}/healthz`);
	await page.evaluate(() => {
		const form = document.createElement('form');
		form.method = 'POST';
		form.enctype = 'multipart/form-data';
		form.action = './share';
		form.innerHTML = `<input name="title" value="Plan"><input name="text" value="See"><input
			name="url" value="https://example.org/"><input type="file" name="files">`;
		document.body.append(form);
	});
	await page.locator('input[name=files]').setInputFiles({
		name: 'plan.txt',
		mimeType: 'text/plain',
		buffer: Buffer.from('the plan')
	});
	await page.evaluate(() =>
		document.querySelector<HTMLFormElement>('form[action="./share"]')?.submit()
	);
	await expect(subject).toHaveValue('Plan');
	await expect(composer.getByText('https://example.org/')).toBeVisible();
	await expect(composer.getByRole('list', { name: 'Attachments' })).toContainText('plan.txt');
});
