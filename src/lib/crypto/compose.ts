/** A suite from its primitives: X-Wing and HPKE are the same code whoever multiplies. */

import { createHpke } from './hpke.ts';
import type { MlKem } from './mlkem.ts';
import type { Suite } from './suite.ts';
import { createXwing } from './xwing.ts';

export type Primitives = Omit<Suite, 'kem' | 'encapsulate' | 'setupSender' | 'openHpke'>;

export function composeSuite(primitives: Primitives, mlKem: MlKem): Suite {
	const xwing = createXwing(mlKem, primitives.agreement);
	return { ...primitives, ...xwing, ...createHpke({ ...primitives, ...xwing }) };
}
