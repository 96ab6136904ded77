import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Place } from '../../app/view.ts';
import { parseRoute, PLACES, routeToFragment, type Route } from './route.ts';

const id = fc.string({ minLength: 1, unit: 'binary' });

const route: fc.Arbitrary<Route> = fc.oneof(
	fc.record({
		at: fc.constant('list' as const),
		place: fc.constantFrom<Place>(...PLACES, 'label/a1', 'folder/ü')
	}),
	fc.record({ at: fc.constantFrom('thread' as const, 'compose' as const), id }),
	fc.record({ at: fc.constant('people' as const), address: fc.option(id) }),
	fc.record({ at: fc.constant('write' as const), link: fc.option(id) }),
	fc.record({ at: fc.constant('shared' as const), token: id }),
	fc.record({ at: fc.constantFrom('requests' as const, 'settings' as const, 'proof' as const) })
);

test('a route survives the fragment', () => {
	fc.assert(
		fc.property(route, (it) => {
			expect(parseRoute(routeToFragment(it))).toEqual(it);
		})
	);
});

test('any other fragment is the inbox, and nothing throws', () => {
	const inbox = { at: 'list', place: 'inbox' };
	for (const odd of ['', '#', '#/', '#/nowhere', '#/thread', '#/thread/', '#/thread/%E0%A4', 'x']) {
		expect(parseRoute(odd), odd).toEqual(inbox);
	}
	fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseRoute(`#${text}`)));
});

test('an invite comes by a link of our own scheme, too', () => {
	for (const link of ['web+defms:i=abc', 'web+defms:#i=abc', 'web+defms://#i=abc']) {
		const fragment = `#/write/${encodeURIComponent(link)}`;
		expect(parseRoute(fragment)).toEqual({ at: 'invite', link: '#i=abc' });
	}
});

test('an invite keeps its fragment whole', () => {
	expect(parseRoute('#i=abc_-123')).toEqual({ at: 'invite', link: '#i=abc_-123' });
});
