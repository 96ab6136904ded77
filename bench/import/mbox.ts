/** An mbox as providers give it: short mails, pages of news, files; the same for the same size. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createCorpus } from '../search/corpus.ts';

export const NEEDLE = 'zimmermannswerkstatt';
/** Mails that say it, the last near the end; as many as a list shows at once. */
export const NEEDLES = 6;

export interface Mbox {
	readonly file: string;
	readonly bytes: number;
	readonly mails: number;
}

/** About what stands between two mails that say it. */
const SHARE = 0.99 / NEEDLES;
const FILE_BYTES = 700_000;
const LINE = 57;

export async function writeMbox(file: string, size: number): Promise<Mbox> {
	const corpus = createCorpus(0);
	const stream = createWriteStream(file);
	let [bytes, mails, needles] = [0, 0, 0];
	while (bytes < size || needles < NEEDLES) {
		const isNeedle = needles < NEEDLES && bytes >= SHARE * needles * size;
		if (isNeedle) needles++;
		const mail = Buffer.from(mailOf(corpus, mails, isNeedle ? NEEDLE : ''), 'latin1');
		bytes += mail.length;
		mails++;
		if (!stream.write(mail)) await once(stream, 'drain');
	}
	stream.end();
	await once(stream, 'close');
	return { file, bytes, mails };
}

/** Every fourth is a page, every twentieth has a file; in three of ten somebody answers the one before. */
function mailOf(corpus: ReturnType<typeof createCorpus>, number: number, word: string): string {
	const answered = number % 10 >= 7 && word === '' ? `In-Reply-To: <m${number - 1}@x>\r\n` : '';
	const head = [
		'From person@example.org Sun Nov 22 11:00:00 2020',
		`From: Person ${number % 400} <p${number % 400}@example.org>`,
		'To: Alice <alice@example.org>',
		`Message-ID: <m${number}@x>`,
		`Subject: ${word === '' ? `Number ${number}` : `Workshop ${number}`}`,
		`Date: ${new Date(Date.UTC(2015, 0) + number * 3_600_000).toUTCString()}`,
		'MIME-Version: 1.0'
	].join('\r\n');
	const text = `${word} ${lines(corpus, number, 1 + (number % 3))}`;
	const body =
		number % 20 === 0
			? withFile(text, number)
			: number % 4 === 1
				? page(corpus, text, number)
				: plain(text);
	return `${head}\r\n${answered}${body}\r\n\r\n`;
}

function lines(corpus: ReturnType<typeof createCorpus>, number: number, count: number): string {
	const texts = Array.from({ length: count }, (_, at) => corpus.mail(100 * number + at));
	return texts.join(' ').replace(/(.{60,70}) /g, '$1\r\n');
}

function plain(text: string): string {
	return `Content-Type: text/plain\r\n\r\n${text}`;
}

function page(corpus: ReturnType<typeof createCorpus>, text: string, number: number): string {
	const rows = Array.from(
		{ length: 20 },
		(_, at) =>
			`<tr><td style="padding: 4px; color: #333">${corpus.mail(100 * number + 50 + at)}</td></tr>`
	);
	return `Content-Type: text/html\r\n\r\n<p>${text}</p>\r\n<table>\r\n${rows.join('\r\n')}\r\n</table>`;
}

function withFile(text: string, number: number): string {
	const bytes = new Uint8Array(FILE_BYTES).map(
		(_, at) => Math.imul(at + number, 2_654_435_761) >>> 24
	);
	const base64 = Buffer.from(bytes)
		.toString('base64')
		.replace(new RegExp(`.{${(LINE / 3) * 4}}`, 'g'), '$&\r\n');
	return [
		'Content-Type: multipart/mixed; boundary=cut',
		'',
		'--cut',
		plain(text),
		'--cut',
		`Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename=picture${number}.jpg`,
		`Content-Transfer-Encoding: base64\r\n\r\n${base64}`,
		'--cut--'
	].join('\r\n');
}
