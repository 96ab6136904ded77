/** How the user wants to write, unless they choose otherwise for a message. */

import * as v from 'valibot';
import { createOwnList } from './own-list.ts';

/** Its one row; absent: text with formats. */
export const WRITING = createOwnList('writing', v.object({ isPlain: v.boolean() }), 1);
