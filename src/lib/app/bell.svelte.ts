/** Tells of new mail while another window is in front; as long as a page of the app is open somewhere. */

import { arrivalsIn, quietedIn, type Arrival } from '../mailbox/news.ts';
import type { Change, Desk } from '../post/ports.ts';
import type { RingWord } from '../workers/ringing.ts';
import type { Bell, BellWords, News, Notice } from './view-program.ts';

const SETTING = ['bell'];

/** What it needs of the browser. */
export interface Ringer {
	/** Asks if need be; `impossible`: the browser shows no notifications. */
	permission(): NotificationPermission | 'impossible';
	ask(): Promise<NotificationPermission>;
	say(word: RingWord): void;
}

export class BellState implements Bell {
	readonly #desk: Promise<Desk>;
	readonly #ringer: Ringer;
	#chosen = $state.raw<'off' | BellWords | null>(null);
	#permission = $state.raw<NotificationPermission | 'impossible'>('default');
	#toNotice: ((news: News) => Notice) | null = null;
	/** Words go out in the order of what they are about, however long one waits for a name. */
	#saying: Promise<void> = Promise.resolve();

	/** @param desk resolves when there is an identity */
	constructor(desk: Promise<Desk>, ringer: Ringer) {
		this.#desk = desk;
		this.#ringer = ringer;
		this.#permission = ringer.permission();
		void desk.then(async ({ store, now }) => {
			store.subscribe((changed, writes) => {
				if (changed.has('setting') && writes === null) void this.#read();
				if (writes !== null) this.#hear(writes, now());
			});
			await this.#read();
		});
	}

	get standing(): Bell['standing'] {
		if (this.#permission === 'impossible') return 'impossible';
		if (this.#permission === 'denied') return 'blocked';
		return this.#permission === 'default' && this.#chosen !== null ? 'off' : this.#chosen;
	}

	async turn(to: 'off' | BellWords): Promise<boolean> {
		if (to !== 'off') {
			this.#permission = await this.#ringer.ask();
			if (this.#permission !== 'granted') return false;
		}
		const { store } = await this.#desk;
		await store.commit([{ table: 'setting', key: SETTING, put: { value: to } }]);
		this.#chosen = to;
		return true;
	}

	speak(toNotice: (news: News) => Notice): void {
		this.#toNotice = toNotice;
	}

	async #read(): Promise<void> {
		const row = await (await this.#desk).store.get('setting', SETTING);
		this.#chosen = row?.value === 'names' || row?.value === 'plain' ? row.value : 'off';
	}

	#hear(writes: readonly Change[], now: number): void {
		const { standing } = this;
		if (standing !== 'names' && standing !== 'plain') return;
		const [quieted, arrivals] = [quietedIn(writes, now), arrivalsIn(writes)];
		if (quieted.length === 0 && arrivals.length === 0) return;
		this.#saying = this.#saying.then(async () => {
			for (const thread of quieted) this.#ringer.say({ type: 'hush', thread });
			for (const arrival of arrivals) await this.#ring(arrival, standing);
		});
	}

	async #ring({ thread, message }: Arrival, words: BellWords): Promise<void> {
		if (this.#toNotice === null) return;
		const { subject } = message.mail;
		const news = {
			// What is to end does not go where it would stay.
			from: words === 'names' ? await this.#nameOf(message) : '',
			subject: words === 'names' && message.endsAt === undefined ? subject : '',
			unread: thread.unread
		};
		this.#ringer.say({ type: 'ring', thread: thread.id, ...this.#toNotice(news) });
	}

	/** As this user calls them; whoever they say they are counts for strangers alone. */
	async #nameOf({ from, mail }: Arrival['message']): Promise<string> {
		const { store } = await this.#desk;
		const contact = await store.get('contact', [from]).catch(() => null);
		return contact?.name ?? mail.from.name;
	}
}

/** @param workers whose active one shows them */
export function browserRinger(workers: ServiceWorkerContainer | undefined): Ringer {
	const isThere = workers !== undefined && 'Notification' in globalThis;
	return {
		permission: () => (isThere ? Notification.permission : 'impossible'),
		ask: () => Notification.requestPermission(),
		say: (word) => void workers?.ready.then(({ active }) => active?.postMessage(word))
	};
}
