/** How tabs of one profile tell each other what the leader knows of the network. */

import * as v from 'valibot';

const factsSchema = v.object({
	/** `silent`: no relay has answered for a while; `trying`: not yet, but it may. */
	office: v.picklist(['trying', 'open', 'silent']),
	relays: v.array(v.object({ url: v.string(), isConnected: v.boolean() })),
	/** Proved connections: whose, and how. */
	peers: v.array(v.object({ address: v.string(), path: v.picklist(['direct', 'relay']) })),
	/** Why the own relay answers and yet takes nothing: no room at all, or none for this address. */
	obstacle: v.optional(v.nullable(v.picklist(['relay-full', 'quota-full'])), null)
});

const messageSchema = v.variant('say', [
	v.object({ say: v.literal('facts'), facts: factsSchema }),
	/** A tab begins and asks what is known. */
	v.object({ say: v.literal('ask') }),
	/** A file is on its way: how much is here, and who gave how much. */
	v.object({
		say: v.literal('fetched'),
		thread: v.string(),
		manifest: v.string(),
		size: v.number(),
		bytes: v.number(),
		given: v.map(v.string(), v.number())
	})
]);

export type Facts = Readonly<v.InferOutput<typeof factsSchema>>;
type Message = v.InferOutput<typeof messageSchema>;

export interface FileNews {
	readonly thread: string;
	readonly manifest: string;
	readonly size: number;
	readonly bytes: number;
	/** By address or base URL of a holder. */
	readonly given: ReadonlyMap<string, number>;
}

export interface FactsListener {
	readonly onFacts: (facts: Facts) => void;
	readonly onFetched: (news: FileNews) => void;
}

/** A channel does not hear itself, so the leader's own tab is told directly. */
export class FactsChannel {
	readonly #channel: BroadcastChannel;
	readonly #listener: FactsListener;
	/** What this tab says as leader; null: it follows. */
	#own: Facts | null = null;

	constructor(name: string, listener: FactsListener) {
		this.#listener = listener;
		this.#channel = new BroadcastChannel(name);
		this.#channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
			const message = v.safeParse(messageSchema, data);
			if (message.success) this.#take(message.output);
		});
		this.#say({ say: 'ask' });
	}

	/** As leader. */
	tell(facts: Facts): void {
		this.#own = facts;
		this.#listener.onFacts(facts);
		this.#say({ say: 'facts', facts });
	}

	/** By whichever tab fetches. */
	tellFetched(news: FileNews): void {
		this.#listener.onFetched(news);
		this.#say({ say: 'fetched', ...news, given: new Map(news.given) });
	}

	/** This tab leads no more. */
	follow(): void {
		this.#own = null;
		this.#say({ say: 'ask' });
	}

	close(): void {
		this.#channel.close();
	}

	#take(message: Message): void {
		switch (message.say) {
			case 'facts':
				this.#own = null;
				this.#listener.onFacts(message.facts);
				break;
			case 'ask':
				if (this.#own !== null) this.#say({ say: 'facts', facts: this.#own });
				break;
			case 'fetched':
				this.#listener.onFetched(message);
		}
	}

	#say(message: Message): void {
		this.#channel.postMessage(message);
	}
}
