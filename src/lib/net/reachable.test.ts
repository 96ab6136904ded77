import { multiaddr } from '@multiformats/multiaddr';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mayDial, parseAddress, type Place } from './reachable.ts';

const peer = '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo';
const localhost: Place = { isSecure: false, isLocal: true };
const https: Place = { isSecure: true, isLocal: false };
const httpsAtHome: Place = { isSecure: true, isLocal: true };

const cases: readonly [address: string, ...expected: readonly [boolean, boolean, boolean]][] = [
	['/dns/localhost/tcp/8080/ws', true, false, false],
	['/ip4/127.0.0.1/tcp/8080/ws', true, false, false],
	['/dns/post.example/tcp/443/tls/ws', true, true, true],
	['/dns4/post.example/tcp/443/wss', true, true, true],
	['/ip4/192.168.1.5/tcp/443/tls/ws', true, false, true],
	['/ip6/fd00::1/tcp/443/tls/ws', true, false, true],
	['/ip4/93.184.216.34/tcp/443/tls/ws', true, true, true],
	['/dnsaddr/post.example', false, false, false],
	['/dnsaddr/post.example/tcp/443/tls/ws', false, false, false],
	['/ip4/93.184.216.34/tcp/4001', false, false, false],
	['/ip4/93.184.216.34/udp/4001/quic-v1/webtransport', false, false, false],
	['/p2p-circuit', false, false, false]
];

it('follows what the browser allows a page of this kind', () => {
	for (const [address, ...expected] of cases) {
		for (const suffix of ['', `/p2p/${peer}/p2p-circuit/webrtc/p2p/${peer}`]) {
			if (suffix !== '' && address === '/p2p-circuit') continue;
			const said = [localhost, https, httpsAtHome].map((place) =>
				mayDial(multiaddr(`${address}${suffix}`), place)
			);
			expect([address, ...said]).toEqual([address, ...expected]);
		}
	}
});

it('takes no text for an address that is none', () => {
	expect(parseAddress('http://post.example', localhost)).toBeNull();
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.string().map((text) => `/dns/${text}`)
			),
			(text) => {
				const parsed = parseAddress(text, https);
				expect(parsed === null || mayDial(parsed, https)).toBe(true);
			}
		)
	);
});
