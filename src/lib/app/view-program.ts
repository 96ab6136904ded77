/** What the screens see of the program itself: its version, its place on the device, its bell. */

export interface Program {
	readonly version: string;
	/** A newer version is downloaded and waits for a reload. */
	readonly isUpdateReady: boolean;
	reload(): void;
}

export interface Installing {
	/**
	 * How it gets an icon and a window of its own: by the browser's question, which `install` asks; by
	 * the share sheet (iPhone, iPad); by the browser's menu, where it has such a thing.
	 */
	readonly way: 'installed' | 'prompt' | 'share-sheet' | 'browser-menu';
	/** Asks; true: the person agreed. */
	install(): Promise<boolean>;
	/** Asks the browser to open `mailto:` links here; null: it cannot be asked. */
	readonly takeMailLinks: (() => void) | null;
}

/** Tells of new mail while another window is in front. */
export interface Bell {
	/** `blocked`: the browser was told never to; null: not read yet. */
	readonly standing: 'impossible' | 'blocked' | 'off' | BellWords | null;
	/** Asks the browser if need be; false: it, or the person, says no. */
	turn(to: 'off' | BellWords): Promise<boolean>;
	/** Makes words of what came; to be called once. */
	speak(toNotice: (news: News) => Notice): void;
}

/** `names`: who wrote and what about; `plain`: only that mail came. */
export type BellWords = 'names' | 'plain';

/** The newest message of a thread, and how many of its messages are unread. */
export interface News {
	/** Empty where only that mail came may be said. */
	readonly from: string;
	readonly subject: string;
	readonly unread: number;
}

export interface Notice {
	readonly title: string;
	readonly body: string;
	/** What its buttons say. */
	readonly archive: string;
	readonly read: string;
}
