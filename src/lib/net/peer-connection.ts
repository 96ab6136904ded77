/**
 * Stands between @libp2p/webrtc and the browser's RTCPeerConnection, which it takes from the global
 * scope when it is loaded: so this module is imported before it.
 *
 * Dialling opens a channel "init", which only has to exist, and closes it once it is open. Since 6.0.26
 * (js-libp2p #3576) the answering side closes it, too, often before the dialler has seen it open: the
 * dialler then waits for that until its time is over. Seen in two of three dials on a busy machine.
 * So the answering side never sees that channel.
 */

const INIT = 'init';

let made = 0;
let collected = 0;

/** Chrome gives a page 500 RTCPeerConnections, ended ones included until it collects garbage. */
const MOST_HELD = 400;

/** Else the relayed connection must do, whoever asks for a direct one. */
export function isRoomForPeerConnection(): boolean {
	return made - collected < MOST_HELD;
}

if ('RTCPeerConnection' in globalThis) {
	const garbage = new FinalizationRegistry(() => collected++);

	globalThis.RTCPeerConnection = class extends RTCPeerConnection {
		constructor(configuration?: RTCConfiguration) {
			super(configuration);
			made++;
			garbage.register(this, undefined);
			// The first listener of all: what it stops, nobody hears.
			this.addEventListener('datachannel', (event) => {
				if (event.channel.label === INIT) event.stopImmediatePropagation();
			});
		}
	};
}
