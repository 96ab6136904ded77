/**
 * What a person does, in any engine: the page is pressed and filled by the names that a screen reader
 * says. Each step waits until what it names is there.
 */
import type { OpenEngine } from './engine.ts';

type Step =
	| { readonly press: string }
	| { readonly fill: string; readonly text: string }
	| { readonly key: string }
	| { readonly type: string }
	/** A file for the field that takes mail. */
	| { readonly choose: string; readonly text: string }
	/** Text of the page, or of a mail's frame. */
	| { readonly see: string };

const STEP_MS = 60_000;

export class EnginePerson {
	readonly #tab: OpenEngine;

	constructor(tab: OpenEngine) {
		this.#tab = tab;
	}

	async begin(url: string, name: string): Promise<void> {
		await this.#tab.goto(url);
		// As under Settings: what is sent goes out at once.
		await this.#tab.run("() => localStorage.setItem('defms-undo-send', '0')", [], STEP_MS);
		await this.#do({ fill: 'Your name', text: name }, { press: 'Begin' }, { press: 'Inbox' });
	}

	async inviteLink(): Promise<string> {
		await this.#do({ press: 'People' });
		const link = await this.#tab.run(VALUE_OF, ['Invite link', STEP_MS], STEP_MS * 2);
		if (typeof link !== 'string') throw new Error('the invite link is no text');
		await this.#do({ press: 'Inbox' });
		return link;
	}

	async write(to: string, subject: string, text: string): Promise<void> {
		await this.#do(
			...[{ press: 'Write' }, { fill: 'To', text: to }, { key: 'Enter' }],
			...[{ fill: 'Subject', text: subject }, { type: text }, { press: 'Send' }]
		);
	}

	async answer(text: string): Promise<void> {
		await this.#do({ press: 'Reply' }, { type: text }, { press: 'Send' });
	}

	/** Mail of another program, from a file. */
	async bring(name: string, text: string): Promise<void> {
		await this.#do({ press: 'Settings' }, { choose: name, text }, { see: 'All of it is here.' });
		await this.#do({ press: 'Inbox' });
	}

	async look(text: string): Promise<void> {
		await this.#do({ fill: 'Search mail', text });
	}

	async open(subject: string): Promise<void> {
		await this.#do({ press: subject });
	}

	async see(text: string): Promise<void> {
		await this.#do({ see: text });
	}

	async #do(...steps: readonly Step[]): Promise<void> {
		for (const step of steps) await this.#tab.run(DO, [step, STEP_MS], STEP_MS * 2);
	}
}

/** Polls by frames and, where a page in the background paints none, by a timer. */
const UNTIL = `const until = (find, what, ms) => new Promise((resolve, reject) => {
	const end = performance.now() + ms;
	const look = () => {
		const found = find();
		if (found) resolve(found);
		else if (performance.now() > end) reject(new Error('no ' + what + ' in: ' + document.body.innerText.slice(0, 400)));
		else setTimeout(look, 50);
	};
	look();
});
const isShown = (one) => one.checkVisibility() && !one.disabled;
const nameOf = (one) => (one.getAttribute('aria-label') ?? one.innerText).trim();
const field = (label) => {
	const all = [...document.querySelectorAll('input, textarea')].filter(isShown);
	return all.find((one) => one.getAttribute('aria-label') === label
		|| [...(one.labels ?? [])].some((text) => text.innerText.trim() === label));
};`;

const VALUE_OF = `(label, ms) => {
	${UNTIL}
	return until(() => field(label)?.value, label, ms);
}`;

const DO = `async (step, ms) => {
	${UNTIL}
	if ('press' in step) {
		const pressable = () => {
			const all = [...document.querySelectorAll('button, a, [role=option]')].filter(isShown);
			return all.find((one) => nameOf(one) === step.press)
				?? all.find((one) => nameOf(one).includes(step.press));
		};
		(await until(pressable, step.press, ms)).click();
	} else if ('fill' in step) {
		const input = await until(() => field(step.fill), step.fill, ms);
		input.focus();
		Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), 'value').set.call(input, step.text);
		input.dispatchEvent(new Event('input', { bubbles: true }));
	} else if ('choose' in step) {
		const input = await until(() => document.querySelector('[data-testid=mail-files]'), 'field for files', ms);
		const chosen = new DataTransfer();
		chosen.items.add(new File([step.text], step.choose));
		input.files = chosen.files;
		input.dispatchEvent(new Event('change', { bubbles: true }));
	} else if ('key' in step) {
		document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: step.key, bubbles: true, cancelable: true }));
	} else if ('type' in step) {
		const editor = await until(() => document.querySelector('[contenteditable=true]'), 'editor', ms);
		editor.focus();
		getSelection().selectAllChildren(editor);
		document.execCommand('insertText', false, step.type);
		await until(() => editor.innerText.includes(step.type), 'text in the editor', ms);
	} else {
		const texts = () => [document, ...[...document.querySelectorAll('iframe')].map((frame) => frame.contentDocument)];
		await until(() => texts().some((one) => one?.body?.innerText.includes(step.see)), step.see, ms);
	}
}`;
