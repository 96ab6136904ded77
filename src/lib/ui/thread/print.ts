/** One message on a sheet: who, when, what, and nothing of the program. */
import type { Message } from '../../app/view.ts';
import { SHEET } from '../message/frame.ts';
import { MAIL_ROOT } from '../message/sheet.ts';
import { fullName, inRow } from '../shared/people.ts';
import { exactTime } from '../shared/when.ts';

/** As in `frame.ts`: nothing runs; pictures come only if they are on screen already. */
const POLICY =
	"default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'";

const STYLE = `
@layer app, mail;
:root { color-scheme: light; }
@layer app {
body { margin: 0; color: #000; font: 11pt/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0 0 8pt; font-size: 15pt; line-height: 1.25; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2pt 10pt; margin: 0 0 12pt; padding-block-end: 8pt; border-block-end: 0.75pt solid #999; font-size: 9.5pt; }
dt { color: #555; }
dd { margin: 0; }
p { white-space: pre-wrap; }
img { max-inline-size: 100%; block-size: auto; }
img:not([src]), details:not([open]), summary { display: none; }
blockquote { margin-inline: 0; padding-inline-start: 8pt; border-inline-start: 1.5pt solid #bbb; }
a { color: inherit; }
}
`;

/**
 * @param card what shows the message, open: its text is printed as it is on screen, with what is
 * folded left out
 */
export async function printMessage(
	card: HTMLElement,
	message: Message,
	subject: string
): Promise<void> {
	const frame = document.createElement('iframe');
	frame.sandbox.add('allow-same-origin', 'allow-modals');
	frame.dataset['sheet'] = '';
	// As on screen, its pictures are told no name of the reader's.
	frame.toggleAttribute('credentialless', true);
	frame.title = 'Sheet to print';
	frame.style.cssText =
		/* @wc-ignore */ 'position: fixed; inset: auto 100% 100% auto; inline-size: 700px;';
	frame.srcdoc = sheetDocument(message, subject, bodyOf(card), styleOf(card));
	const loaded = new Promise((resolve) => {
		frame.addEventListener('load', resolve, { once: true });
	});
	document.body.append(frame);
	await loaded;
	const sheet = frame.contentWindow;
	// Returns when the dialog is closed; where it does not, the sheet has to stay until then.
	sheet?.addEventListener('afterprint', () => frame.remove(), { once: true });
	sheet?.print();
}

/** `style`: the mail's own, already in its layer and bound to the mail's element. */
export function sheetDocument(message: Message, subject: string, body: string, style = ''): string {
	const rows = [
		['From', people([message.from])],
		['To', people(message.to)],
		['Cc', people(message.cc)],
		['Date', escapeHtml(exactTime(message.date))],
		['Files', inRow(message.attachments.map(({ name }) => escapeHtml(name)))]
	].filter(([, value]) => value !== '');
	return (
		'<!doctype html><html><head><meta charset="utf-8">' +
		`<meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
		`<meta name="referrer" content="no-referrer"><title>${escapeHtml(subject)}</title>` +
		`<style>${STYLE}${style}</style></head><body><h1 dir="auto">${escapeHtml(subject)}</h1><dl>` +
		rows.map(([term = '', value = '']) => `<dt>${term}</dt><dd>${value}</dd>`).join('') +
		`</dl><div dir="auto" ${MAIL_ROOT}>${body}</div></body></html>`
	);
}

/** What was made harmless for the screen, as it stands there. */
function bodyOf(card: HTMLElement): string {
	const frame = card.querySelector('iframe');
	if (frame?.contentDocument) return frame.contentDocument.body.innerHTML;
	return card.querySelector('[data-body]')?.innerHTML ?? '';
}

function styleOf(card: HTMLElement): string {
	const frame = card.querySelector('iframe');
	return frame?.contentDocument?.querySelector(`style[${SHEET}]`)?.textContent ?? '';
}

function people(persons: readonly Message['from'][]): string {
	return inRow(
		persons.map(
			(person) => `<bdi>${escapeHtml(fullName(person))}</bdi> &lt;${escapeHtml(person.address)}&gt;`
		)
	);
}

function escapeHtml(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;');
}
