/** Strangers who knocked, as the reader sees them. */

import type { Request } from '../app/view.ts';
import type { KnockRecord } from '../post/records.ts';
import { toHex } from '../wire/bytes.ts';
import { toPerson, type People } from './people.ts';

/** The id of a request on screen. */
export function requestId({ knock }: Pick<KnockRecord, 'knock'>): string {
	return toHex(knock);
}

export function toRequest(people: People, record: KnockRecord): Request {
	return {
		id: requestId(record),
		from: toPerson(people, record.from, record.name),
		introduction: record.introduction,
		time: record.receivedAt
	};
}
