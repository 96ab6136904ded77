/**
 * Where the reader is, as written in the URL fragment: servers never see it, and the bundle works
 * under any path.
 *
 * | fragment | screen |
 * |---|---|
 * | `#/inbox` `#/starred` `#/snoozed` `#/sent` `#/drafts` `#/archive` `#/trash` | that list |
 * | `#/label/<id>` `#/folder/<id>` | the list of a label, of a kept search |
 * | `#/thread/<id>` | a thread |
 * | `#/compose/<draft id>` | the composer |
 * | `#/parcel` | taking in a parcel |
 * | `#/traffic` | what left this browser |
 * | `#/proof` | checking a proof, also before there is an identity |
 * | `#/group/<id>` | a group of people |
 * | `#/requests` `#/people` `#/people/<address>` `#/settings` | those |
 * | `#/write` `#/write/<link>` | a new draft; as a `mailto:` or `web+defms:` link asks |
 * | `#/shared/<token>` | a new draft of what another program shared |
 * | `#i=<invite>` | an invite |
 * | `#l=<letter link>` | a letter that a link opens, also before there is an identity |
 */
import type { BasicPlace, Place } from '../../app/view.ts';

export type Route =
	| { readonly at: 'list'; readonly place: Place }
	| { readonly at: 'thread'; readonly id: string }
	| { readonly at: 'compose'; readonly id: string }
	| { readonly at: 'requests' }
	| { readonly at: 'people'; readonly address: string | null }
	| { readonly at: 'group'; readonly id: string }
	| { readonly at: 'settings' }
	| { readonly at: 'proof' }
	| { readonly at: 'parcel' }
	| { readonly at: 'traffic' }
	| { readonly at: 'write'; readonly link: string | null }
	| { readonly at: 'shared'; readonly token: string }
	| { readonly at: 'invite'; readonly link: string }
	| { readonly at: 'letter'; readonly link: string };

export const PLACES: readonly BasicPlace[] = [
	...(['inbox', 'starred', 'snoozed', 'sent', 'drafts', 'archive', 'trash'] as const)
];

/** Whatever is no route is the inbox: a damaged fragment shows mail, not an error. */
export function parseRoute(fragment: string): Route {
	if (fragment.startsWith('#i=')) return { at: 'invite', link: fragment };
	if (fragment.startsWith('#l=')) return { at: 'letter', link: fragment };
	const [, head = '', tail = ''] = /^#\/([a-z]+)(?:\/(.+))?$/.exec(fragment) ?? [];
	const id = decodeOrNull(tail);
	if (head === 'thread' && id) return { at: 'thread', id };
	if (head === 'compose' && id) return { at: 'compose', id };
	if (head === 'group' && id) return { at: 'group', id };
	if (head === 'people') return { at: 'people', address: id };
	if (head === 'write') return writeOrInvite(id);
	if (head === 'shared' && id) return { at: 'shared', token: id };
	if (head === 'requests' || head === 'settings') return { at: head };
	if (head === 'proof' || head === 'parcel' || head === 'traffic') return { at: head };
	if ((head === 'label' || head === 'folder') && id) return { at: 'list', place: `${head}/${id}` };
	return { at: 'list', place: PLACES.find((place) => place === head) ?? 'inbox' };
}

export function routeToFragment(route: Route): string {
	switch (route.at) {
		case 'list':
			return `#/${route.place.split('/').map(encodeURIComponent).join('/')}`;
		case 'thread':
		case 'compose':
		case 'group':
			return `#/${route.at}/${encodeURIComponent(route.id)}`;
		case 'write':
			return route.link ? `#/write/${encodeURIComponent(route.link)}` : '#/write';
		case 'shared':
			return `#/shared/${encodeURIComponent(route.token)}`;
		case 'people':
			return route.address ? `#/people/${encodeURIComponent(route.address)}` : '#/people';
		case 'requests':
		case 'settings':
		case 'proof':
		case 'parcel':
		case 'traffic':
			return `#/${route.at}`;
		case 'invite':
		case 'letter':
			return route.link;
	}
}

/** The browser hands over the whole link, scheme and all; one of ours may carry an invite. */
function writeOrInvite(link: string | null): Route {
	const [, invite] = /^web\+defms:(?:\/\/)?\/?#?(i=.+)$/.exec(link ?? '') ?? [];
	return invite === undefined ? { at: 'write', link } : { at: 'invite', link: `#${invite}` };
}

function decodeOrNull(text: string): string | null {
	try {
		return decodeURIComponent(text) || null;
	} catch {
		// A damaged escape: no id, so the caller shows the inbox.
		return null;
	}
}
