/** How far one's own message has come, in words. */

import type { Connection, Delivery, Refusal } from '../../app/view.ts';
import { plural } from '../../words/plural.ts';
import { firstName } from './people.ts';
import { dayOf, statusTime } from './when.ts';

/** `Delivered to 2 of 3, kept by 4 holders`: all recipients of one message. */
export function deliverySummary(recipients: readonly Delivery[], now: number): string {
	const [only] = recipients;
	const all = recipients.length;
	if (only && recipients.length === 1) return deliverySentence(only, now);
	const has = (...states: Delivery['state'][]) =>
		recipients.filter((one) => states.includes(one.state)).length;
	const there = has('delivered', 'read', 'ended');
	if (has('ended') === all) return 'All copies ended';
	if (there === all) return `Delivered to all ${String(all)}`;
	const holders = Math.max(0, ...recipients.map((one) => one.holders));
	if (there > 0) {
		const delivered = `Delivered to ${String(there)} of ${String(all)}`;
		return holders > 0 ? `${delivered}, ${keptBy(holders)}` : delivered;
	}
	if (has('refused') === all) return 'Refused by all';
	if (there === 0 && has('withdrawn') > 0) return 'Taken back';
	if (holders > 0) return plural(holders, ['Kept by # holder', 'Kept by # holders']);
	if (has('noticed') > 0) return 'Told, files still go out';
	return 'Written, goes out when a relay answers';
}

function keptBy(holders: number): string {
	return plural(holders, ['kept by # holder', 'kept by # holders']);
}

/** A message is told of when its text is kept; only with its files it counts as kept. */
function areFilesGoing({ state, holders }: Delivery): boolean {
	return state === 'noticed' && holders === 0;
}

/** One recipient of one's own message: `Mira has it, 10:58`. */
export function deliverySentence(delivery: Delivery, now: number): string {
	const name = firstName(delivery.person);
	const at = delivery.times[delivery.state];
	const time = at === undefined ? '' : `, ${statusTime(at, now)}`;
	const kept = keptBy(delivery.holders);
	switch (delivery.state) {
		case 'written':
			return `${name}: written${time}`;
		case 'kept':
			return `${name}: ${kept}${time}`;
		case 'noticed': {
			const told = at === undefined ? /* @wc-include */ 'told' : `told at ${statusTime(at, now)}`;
			return delivery.holders > 0
				? `${name}: ${kept}, ${told}`
				: `${name}: ${told}, files still go out`;
		}
		case 'delivered':
			return `${name} has it${time}`;
		case 'read':
			return `${name} read it${time}`;
		case 'refused':
			return delivery.refusal === 'removed' || delivery.refusal === 'not-a-member'
				? `${name} refused: you are no longer in this conversation${time}`
				: `${name} did not take it${time}`;
		case 'expired':
			return `${name}: never fetched, no longer kept${time}`;
		case 'withdrawn':
			return `Taken back from ${name}${time}`;
		case 'ended':
			return at === undefined
				? `${name}’s copy ended`
				: `${name}’s copy ended on ${dayOf(at, now)}`;
	}
}

/**
 * "Why isn't it there yet?": what has happened, what is missing, what the reader can do. `obstacle`:
 * what the own relay says now.
 */
export function whyNotThere(delivery: Delivery, obstacle: Connection['obstacle'] = null): string {
	const name = firstName(delivery.person);
	const isOnItsWay =
		delivery.state === 'written' || delivery.state === 'kept' || areFilesGoing(delivery);
	if (isOnItsWay && obstacle !== null) return noRoomFor(delivery, obstacle);
	switch (delivery.state) {
		case 'written':
			return `Your message to ${name} is sealed and safe on this device. No relay has taken it yet; it goes out by itself as soon as one answers.`;
		case 'kept':
			return `The sealed message is kept for ${name}. ${name} has not been told yet, because no relay of theirs answered; this device tries again by itself. You can close this page.`;
		case 'noticed':
			if (areFilesGoing(delivery)) {
				return `${name} has been told, and can read the message. Its files are still going out from this device; leave the app open until they are kept.`;
			}
			return `The sealed message is kept and ${name} has been told. It arrives when ${name} next opens their mail. Nothing is left for you to do.`;
		case 'refused':
			return refusalSentence(name, delivery.refusal);
		case 'expired':
			return `${name} did not open their mail before the agreed time was over. Write again to have it kept once more.`;
		case 'withdrawn':
			return `You took it back before ${name} had it. If ${name} was fetching it at that moment, the status says so when ${name} confirms it.`;
		case 'delivered':
		case 'read':
			return `${name} has the message.`;
		case 'ended':
			return `${name} had the message. Its time is over, and ${name}’s device says that it has let go of it.`;
	}
}

function noRoomFor(delivery: Delivery, obstacle: NonNullable<Connection['obstacle']>): string {
	const name = firstName(delivery.person);
	const what = areFilesGoing(delivery)
		? `${name} has been told, and can read the message. Its files are sealed and safe on this device.`
		: `Your message to ${name} is sealed and safe on this device.`;
	const why =
		obstacle === 'relay-full'
			? 'The relay has no room now; this device tries again by itself.'
			: 'The relay has no room now for mail of yours; this device tries again by itself.';
	return `${what} ${why} ${waiting()}`;
}

function waiting(): string {
	return 'Leave this page open, or come back later.';
}

/** Is there something to wait for? */
export function isUnderway({ state }: Delivery): boolean {
	return state === 'written' || state === 'kept' || state === 'noticed';
}

export function isThere(delivery: Delivery): boolean {
	return ['delivered', 'read', 'ended'].includes(delivery.state);
}

function refusalSentence(name: string, refusal: Refusal | null): string {
	switch (refusal) {
		case 'blocked':
			return `${name} takes no mail from you at present.`;
		case 'removed':
			return `You were removed from this conversation before ${name} saw the message, so nobody in it can read it. Start a new one to write to them.`;
		case 'not-a-member':
			return `For ${name} you are no member of this conversation. Start a new one with them.`;
		case 'too-large':
			return `The message is larger than ${name} accepts.`;
		case 'too-much':
			return `You have put more into this conversation than ${name} takes from one person. Start a new one with them.`;
		case 'policy':
			return `${name} takes first mail by invite only. Ask them for an invite link.`;
		case null:
			return `${name} did not say why.`;
	}
}
