import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDesk, messageIn } from '../../../tests/mailbox/records.ts';
import { idToCid } from '../wire/ids.ts';
import { buildSegment } from './build.ts';
import { toDocument } from './document.ts';
import { documentsIn, candidates } from './evaluate.ts';
import type { Query } from './query.ts';
import { decodeSegment, eachPosting, encodeSegment, idAt, threadAt } from './segment.ts';
import { exportIndex, importIndex } from './transfer.ts';

const messages = ['tea and cake', '漢字検索', 'tea'].map((text, at) =>
	messageIn('one', at + 1, { mail: { text } })
);
const segment = buildSegment(
	messages.map((message, mark) => ({ mark, document: toDocument(message), of: message }))
);
const bytes = encodeSegment(segment);
const tea: Query = { kind: 'words', field: 'any', tokens: ['tea'], isWhole: true };

test('what is read is what was written', () => {
	const read = decodeSegment(bytes);
	expect(read && encodeSegment(read)).toEqual(bytes);
	expect(read && [...read.marks]).toEqual([2, 1, 0]);
});

test('bytes that were cut, changed or made up are none, or can be searched all the same', () => {
	for (let end = 0; end < bytes.length; end++)
		expect(decodeSegment(bytes.slice(0, end))).toBe(null);
	const flip = fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) });
	fc.assert(
		fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
			const changed = bytes.slice();
			for (const { at, bit } of flips) changed[at] = (changed[at] ?? 0) ^ (1 << bit);
			search(changed);
		}),
		{ numRuns: 1_000 }
	);
	fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (made) => search(made)));
});

test('another device takes the index over, without what it does not have', async () => {
	const desk = createDesk();
	const sealed = await exportIndex(desk, desk.blocks, [segment, segment]);
	const file = { ...sealed, name: 'index', type: '', manifest: idToCid(sealed.manifest) };
	const taken = [];
	for await (const each of importIndex(desk, desk.blocks, file, async (_, id) =>
		id === messages[0]?.id ? null : messages.findIndex((each) => each.id === id) + 7
	)) {
		taken.push(each);
	}
	expect(taken.map(({ count }) => count)).toEqual([2]);
	const [first] = taken;
	if (first === undefined) throw new Error('nothing was taken over');
	expect([...first.marks]).toEqual([9, 8]);
	const found = [
		...documentsIn(
			candidates(first, tea, () => new Set()),
			first.count
		)
	];
	expect(found.map((at) => idAt(first, at))).toEqual([messages[2]?.id]);
	expect([...first.terms]).not.toContain('cake');
});

/** Whatever it finds, it comes to an end and names messages that are there. */
function search(any: Uint8Array): void {
	const read = decodeSegment(any);
	if (read === null) return;
	for (let term = 0; term < read.terms.length; term++) {
		eachPosting(read, term, (document) => expect(document).toBeLessThan(read.count));
	}
	for (const document of documentsIn(
		candidates(read, tea, () => new Set()),
		read.count
	)) {
		idAt(read, document);
		threadAt(read, document);
	}
}
