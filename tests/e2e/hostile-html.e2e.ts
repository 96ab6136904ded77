/** A sender who tampers with the app: no script of theirs runs, and nothing is fetched from elsewhere. */
import { expect, test } from './support/fixtures.ts';
import { meet } from './support/meet.ts';
import { expectText, open, write } from './support/person.ts';

const MARK = 'PUT-IT-HERE';
const ELSEWHERE = 'tracker.example';
const HOSTILE = [
	'<script>window.top.didRun = "script"</script>',
	'<img src="x" onerror="window.top.didRun = \'onerror\'">',
	`<img src="https://${ELSEWHERE}/pixel.png">`,
	'<svg onload="window.top.didRun = \'svg\'"><animate onbegin="window.top.didRun = 1"/></svg>',
	`<iframe src="https://${ELSEWHERE}/frame"></iframe>`,
	'<iframe srcdoc="<script>window.top.didRun = \'srcdoc\'</script>"></iframe>',
	`<link rel="stylesheet" href="https://${ELSEWHERE}/style.css">`,
	`<style>body { background: url(https://${ELSEWHERE}/back.png) }</style>`,
	`<form action="https://${ELSEWHERE}/take"><button>Sign in again</button></form>`,
	'<a href="javascript:window.top.didRun = \'link\'">Read on</a>',
	`<meta http-equiv="refresh" content="0;url=https://${ELSEWHERE}/away">`,
	'<p>The hall is booked.</p>'
].join('');

/** What the composer hands over is not what was typed, but this. */
const TAMPERING = `(() => {
	const own = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
	Object.defineProperty(Element.prototype, 'innerHTML', {
		...own,
		get() {
			return own.get.call(this).replace('${MARK}', ${JSON.stringify(HOSTILE).replaceAll('</', '<\\/')});
		}
	});
})()`;

/**
 * Chromium says so of an attribute that it merely parses, in the document without a window in which
 * the sanitiser looks at it. What runs or loads is asserted apart.
 */
const PARSED = /^Executing inline event handler violates/;

test('hostile-html', async ({ startRelay, openProfile }) => {
	const relay = await startRelay();
	const mallory = await openProfile('mallory', { initScript: TAMPERING, provoked: PARSED });
	const bob = await openProfile('bob', { provoked: PARSED });
	await meet(relay.url, [bob, 'Bob'], [mallory, 'Mallory']);
	const asked: string[] = [];
	bob.context.on('request', (request) => asked.push(request.url()));
	await write(mallory.page, { to: ['Bob'], subject: 'The hall', text: MARK });
	await open(bob.page, 'The hall');
	await expectText(bob.page, 'The hall is booked.');
	const frames = bob.page.frames().filter((frame) => frame !== bob.page.mainFrame());
	expect(frames.length).toBe(1);
	const [frame] = frames;
	// What arrived is the hostile one: its harmless parts are there, the others are not.
	await expect(frame?.locator('body') ?? bob.page.locator('nothing')).toContainText('Read on');
	expect(await frame?.locator('script, iframe, form, link, meta[http-equiv=refresh]').count()).toBe(
		0
	);
	await frame?.getByText('Read on').click({ timeout: 2_000 });
	expect(await bob.page.evaluate(() => Reflect.get(globalThis, 'didRun'))).toBeUndefined();
	const fromPictures = [ELSEWHERE, `${relay.url}/x`];
	expect(asked.filter((url) => fromPictures.some((part) => url.includes(part)))).toEqual([]);
	expect(bob.page.url()).toContain(relay.url);
});
