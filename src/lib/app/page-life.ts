/** What the browser tells of the page: it woke, it hides, it goes, it came back as it was. */

export interface PageLife {
	/** The network or the page may have come back; returns the way out. */
	onWake(listener: () => void): () => void;
	/** The last moment at which something surely runs: the tab may be killed from now on. */
	onHide(listener: () => void): void;
	/** The page goes, or is put away as it is (bfcache). */
	onLeave(listener: () => void): void;
	/** The page was taken back as it was. */
	onReturn(listener: () => void): void;
}

export const pageLife: PageLife = {
	onWake(listener) {
		const look = () => {
			if (document.visibilityState === 'visible') listener();
		};
		addEventListener('online', listener);
		document.addEventListener('visibilitychange', look);
		return () => {
			removeEventListener('online', listener);
			document.removeEventListener('visibilitychange', look);
		};
	},
	onHide(listener) {
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'hidden') listener();
		});
		addEventListener('pagehide', listener);
	},
	onLeave(listener) {
		addEventListener('pagehide', listener);
	},
	onReturn(listener) {
		addEventListener('pageshow', ({ persisted }) => {
			if (persisted) listener();
		});
	}
};
