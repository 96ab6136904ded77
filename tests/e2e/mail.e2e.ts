/** It arrives: one scenario a way, between real browsers and through the real relay. */
import { expect, test, WITHOUT_WEBRTC } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import {
	answer,
	expectConnection,
	expectStatus,
	expectText,
	open,
	write
} from './support/person.ts';

const ROOF = { subject: 'Roof: the second offer', text: 'They can start in March.' };

test('online', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const alice = await openProfile('alice', { isWhole: true });
	const bob = await openProfile('bob', { isWhole: true });
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
	await expectConnection(bob.page, 'direct');
	await expectConnection(alice.page, 'direct');
	await answer(bob.page, 'Reply', 'Then let us take it.');
	await open(alice.page, ROOF.subject);
	await expectText(alice.page, 'Then let us take it.');
	await expectStatus(bob.page, 'Alice', 'delivered');
	await expectStatus(alice.page, 'Bob', 'delivered');
});

test('relay-only', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const alice = await openProfile('alice', { initScript: WITHOUT_WEBRTC });
	const bob = await openProfile('bob');
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(bob.page, ROOF.subject);
	await expect(bob.page.getByTestId('connection').first()).toContainText('by relay', {
		timeout: 30_000
	});
	await answer(bob.page, 'Reply', 'Then let us take it.');
	await open(alice.page, ROOF.subject);
	await expectText(alice.page, 'Then let us take it.');
	await expectStatus(bob.page, 'Alice', 'delivered');
});

test('sender-leaves', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await bob.close();
	// The page itself comes too late.
	await alice.page.route('**/v1/blocks', (route) => route.abort());
	await write(alice.page, { to: ['Bob'], ...ROOF });
	// The browser goes on without a window, as it does on every desktop and phone.
	await alice.page.goto('about:blank');
	await bob.reopen();
	await bob.page.goto(relay.url);
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
});

test('recipient-away', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await bob.close();
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(alice.page, ROOF.subject);
	await expectStatus(alice.page, 'Bob', 'noticed');
	await bob.reopen();
	await bob.page.goto(relay.url);
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
	await expectStatus(alice.page, 'Bob', 'delivered');
});

test('never-together', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await bob.close();
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(alice.page, ROOF.subject);
	await expectStatus(alice.page, 'Bob', 'noticed');
	await alice.close();
	await bob.reopen();
	await bob.page.goto(relay.url);
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
	await answer(bob.page, 'Reply', 'Then let us take it.');
	await expectStatus(bob.page, 'Alice', 'noticed');
	await bob.close();
	await alice.reopen();
	await alice.page.goto(relay.url);
	await open(alice.page, ROOF.subject);
	await expectText(alice.page, 'Then let us take it.');
});

test('relay-restart', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const [alice, bob] = [await openProfile('alice'), await openProfile('bob')];
	await meet(relay.url, [bob, 'Bob'], [alice, 'Alice']);
	await bob.close();
	await write(alice.page, { to: ['Bob'], ...ROOF });
	await open(alice.page, ROOF.subject);
	await expectStatus(alice.page, 'Bob', 'noticed');
	await alice.close();
	await relay.kill();
	await relay.start();
	await bob.reopen();
	await bob.page.goto(relay.url);
	await open(bob.page, ROOF.subject);
	await expectText(bob.page, ROOF.text);
});
