/** What the palette finds: commands, lists, people and messages, from one line of text. */
import type { Component } from 'svelte';
import AtSign from '@lucide/svelte/icons/user';
import FileText from '@lucide/svelte/icons/file-text';
import MailIcon from '@lucide/svelte/icons/mail';
import SearchIcon from '@lucide/svelte/icons/search';
import Tag from '@lucide/svelte/icons/tag';
import Users from '@lucide/svelte/icons/users';
import { fullName, inRow } from '../shared/people.ts';
import type { Route } from '../shared/route.ts';
import { isFor, wordsOf, type Command, type Scene } from './command.ts';
import { allCommands } from './table.ts';

export interface Found {
	readonly id: string;
	/** Under which heading it stands. */
	readonly kind: 'Commands' | 'Templates' | 'Labels and searches' | 'People' | 'Messages';
	readonly words: string;
	/** Beside it, quieter. */
	readonly note: string;
	/** As commands write them; empty: none. */
	readonly keys: string;
	readonly icon: Component;
	readonly run: () => void | Promise<void>;
}

/** As many of a kind as one reads at a glance. */
const SHOWN = 6;

/** With no text: the commands that apply now. */
export function findAll(scene: Scene, text: string): Found[] {
	const words = fold(text).split(/\s+/).filter(Boolean);
	const commands = best(
		words,
		allCommands().filter((one) => one.id !== 'palette' && isFor(one, scene)),
		(one) => [wordsOf(one, scene), one.section, one.also ?? ''].join(' ')
	).map((one) => toFound(scene, one));
	if (words.length === 0) return commands;
	return [
		...commands.slice(0, SHOWN),
		...templates(scene, words),
		...lists(scene, words),
		...groups(scene, words),
		...people(scene, words),
		...messages(scene)
	];
}

function toFound(scene: Scene, command: Command): Found {
	return {
		id: command.id,
		kind: 'Commands',
		words: wordsOf(command, scene),
		note: command.section === 'Go to' ? 'Go to' : '',
		keys: command.keys[0] ?? '',
		icon: command.icon,
		run: () => command.run(scene)
	};
}

/** To be inserted into what is being written. */
function templates({ app, stage: { composer } }: Scene, words: readonly string[]): Found[] {
	if (composer === null) return [];
	return best(words, app.templates.all ?? [], ({ name, subject }) => `${name} ${subject}`)
		.slice(0, SHOWN)
		.map((one) => ({
			...{ id: `template/${one.id}`, kind: 'Templates', words: one.name, note: 'Template' },
			...{ keys: '', icon: FileText },
			run: () => composer.insert(one)
		}));
}

function lists({ app, router }: Scene, words: readonly string[]): Found[] {
	const go = (route: Route) => () => router.go(route);
	const kind = 'Labels and searches' as const;
	const labels = best(words, app.labels.all ?? [], ({ path }) => path).map(({ id, path }) => ({
		...{ id: `label/${id}`, kind, words: path, note: 'Label', keys: '', icon: Tag },
		run: go({ at: 'list', place: `label/${id}` })
	}));
	const folders = best(words, app.folders.all ?? [], ({ name }) => name).map(({ id, name }) => ({
		...{ id: `folder/${id}`, kind, words: name, note: 'Kept search', keys: '', icon: SearchIcon },
		run: go({ at: 'list', place: `folder/${id}` })
	}));
	return [...labels, ...folders].slice(0, SHOWN);
}

function groups({ app, router }: Scene, words: readonly string[]): Found[] {
	return best(words, app.groups.all ?? [], ({ name }) => name)
		.slice(0, SHOWN)
		.map(({ id, name }) => ({
			...{ id: `group/${id}`, kind: 'People', words: name, note: 'Group', keys: '', icon: Users },
			run: () => router.go({ at: 'group', id })
		}));
}

function people({ app, router }: Scene, words: readonly string[]): Found[] {
	return best(words, app.contacts.all ?? [], (one) => `${fullName(one)} ${one.address}`)
		.slice(0, SHOWN)
		.map((one) => ({
			...{ id: `person/${one.address}`, kind: 'People', words: fullName(one), note: '' },
			...{ keys: '', icon: AtSign },
			run: () => router.go({ at: 'people', address: one.address })
		}));
}

/** As far as they are found: whoever shows them asks for them. */
function messages({ app, router }: Scene): Found[] {
	const rows = app.search.found?.rows ?? [];
	return rows.slice(0, SHOWN).map((row) => ({
		...{ id: `thread/${row.id}`, kind: 'Messages', words: row.subject || 'No subject' },
		...{ note: inRow(row.people.map(fullName)), keys: '', icon: MailIcon },
		run: () => router.go({ at: 'thread', id: row.id })
	}));
}

/** Those in which every word begins a word; where the first stands further in front, first. */
function best<T>(words: readonly string[], all: readonly T[], textOf: (one: T) => string): T[] {
	if (words.length === 0) return [...all];
	return all
		.map((one) => ({ one, text: ` ${fold(textOf(one))}` }))
		.filter(({ text }) => words.every((word) => text.includes(` ${word}`)))
		.sort((a, b) => a.text.indexOf(` ${words[0] ?? ''}`) - b.text.indexOf(` ${words[0] ?? ''}`))
		.map(({ one }) => one);
}

function fold(text: string): string {
	return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
