/** Mail and the comings and goings of network, tabs and relays. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import {
	compose,
	expectConnection,
	expectStatus,
	expectText,
	open,
	row,
	toInbox,
	untilInstalled,
	write
} from './support/person.ts';

const ROOF = { subject: 'Roof: the second offer', text: 'They can start in March.' };

test('offline-compose', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await untilInstalled(alice.page);
	await alice.context.setOffline(true);
	// The app itself comes from its service worker, not from the relay.
	await alice.page.reload();
	await expectConnection(alice.page, 'offline');
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(alice.page, ROOF.subject);
	await expectStatus(alice.page, 'Bob', 'written');
	await alice.context.setOffline(false);
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
	await expectStatus(alice.page, 'Bob', 'delivered');
});

test('two-tabs', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	const second = await alice.newTab();
	await second.goto(relay.url);
	await expectConnection(second, 'relay');
	// The second tab writes; the first, which runs the node, shows it too.
	await write(second, { to: ['Bob'], ...ROOF });
	await expect(row(alice.page, ROOF.subject)).toBeVisible();
	await open(bob.page, ROOF.subject);
	// The leader closes; the other takes over and goes on receiving.
	await alice.page.close();
	await toInbox(bob.page);
	await write(bob.page, { to: ['Alice'], subject: 'Insulation', text: 'Look at page 4.' });
	await open(second, 'Insulation');
	await expectText(second, 'Look at page 4.');
	await expectConnection(second, 'direct');
});

test('lost-relay', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await untilInstalled(alice.page);
	await relay.kill();
	await expect(alice.page.getByTestId('connection').first()).toHaveAttribute(
		'data-state',
		/waiting|offline/,
		{ timeout: 30_000 }
	);
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(alice.page, ROOF.subject);
	await expectStatus(alice.page, 'Bob', 'written');
	await relay.start();
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
	await expectStatus(alice.page, 'Bob', 'delivered');
});

test('draft-survives-a-crash', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	const composer = await compose(alice.page, { to: ['Bob'], ...ROOF });
	await expect(composer.getByTestId('saved')).toContainText('Saved');
	await alice.kill();
	await alice.reopen();
	await alice.page.goto(relay.url);
	await alice.page
		.getByRole('link', { name: /^Drafts/ })
		.first()
		.click();
	await row(alice.page, ROOF.subject).click();
	await expectText(alice.page, ROOF.text);
});
