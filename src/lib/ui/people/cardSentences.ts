/** Sentences about address books that are brought. */
import type { CardPreview, CardsBrought, CardsLeftOut, CardsRead } from '../../app/view-cards.ts';
import { plural } from '../../words/plural.ts';

/** What a telephone number and the like is called in the notes. */
export function factWords() {
	return {
		tel: 'Telephone',
		adr: 'Street',
		org: 'Organisation',
		title: 'Profession',
		bday: 'Birthday',
		url: 'Web page'
	} as const;
}

/** What is done with them, in as many sentences as it takes. */
export function planSentences({ people, groups }: CardsRead): readonly string[] {
	const count = (outcome: CardPreview['outcome']) =>
		people.filter((one) => one.outcome === outcome).length;
	return [
		newSentence(count('new')),
		addsSentence(count('adds')),
		sameSentence(count('same')),
		groupsSentence(groups.length)
	].filter((sentence) => sentence !== '');
}

function newSentence(count: number): string {
	return count === 0 ? '' : plural(count, ['# person is new here', '# people are new here']);
}

function addsSentence(count: number): string {
	if (count === 0) return '';
	return plural(count, [
		'# is here already and gets notes, a picture or a group from it',
		'# are here already and get notes, a picture or a group from it'
	]);
}

function sameSentence(count: number): string {
	if (count === 0) return '';
	return plural(count, [
		'# is here already, as they are in it',
		'# are here already, as they are in it'
	]);
}

function groupsSentence(count: number): string {
	return count === 0 ? '' : plural(count, ['# group comes along', '# groups come along']);
}

export function leftOutSentences(leftOut: CardsLeftOut): readonly string[] {
	const { withoutAddress, unreadable, tooMany } = leftOut;
	return [
		withoutAddress === 0
			? ''
			: plural(withoutAddress, [
					'# is left out: without a mail address nobody can write to them',
					'# are left out: without a mail address nobody can write to them'
				]),
		unreadable === 0
			? ''
			: plural(unreadable, [
					'# entry is left out: it cannot be read',
					'# entries are left out: they cannot be read'
				]),
		tooMany === 0
			? ''
			: plural(tooMany, [
					'# is left out: there are too many. Bring the rest from a second file',
					'# are left out: there are too many. Bring the rest from a second file'
				])
	].filter((sentence) => sentence !== '');
}

export function problemSentence(problem: 'vanished' | 'no-cards'): string {
	return problem === 'no-cards'
		? 'There is no address book in this file. Choose a .vcf file.'
		: 'The file was moved or changed while it was read. Choose it again.';
}

export function broughtSentence({ added, changed }: CardsBrought): string {
	if (added + changed === 0) return 'Nothing was new';
	if (changed === 0) return plural(added, ['# person added', '# people added']);
	return plural(added + changed, ['# person added or completed', '# people added or completed']);
}

/** What did not go as planned; empty: all did. */
export function endSentences({ end, leftOut, groupsLeftOut }: CardsBrought): readonly string[] {
	return [
		end === 'stopped' ? 'It was stopped. Choose the same file again to bring the rest.' : '',
		end === 'storage-full'
			? 'There is no room left on this device. Make some, and choose the same file again.'
			: '',
		end === 'vanished' ? 'The file was moved or changed. Choose it again to bring the rest.' : '',
		leftOut === 0
			? ''
			: plural(leftOut, ['# person had no room here', '# people had no room here']),
		groupsLeftOut === 0
			? ''
			: plural(groupsLeftOut, ['# group could not be made', '# groups could not be made'])
	].filter((sentence) => sentence !== '');
}
