/** The two cryptographies of the simulator: a fast double, and the real one under seeded chance. */

import { createHash } from 'node:crypto';
import { nobleSuite } from '../../src/lib/crypto/noble.ts';
import type { Suite } from '../../src/lib/crypto/suite.ts';
import { doubleSuite } from '../conformance/crypto-double.ts';

/** Codecs compute CIDs with the real hash, and whoever checks them must have the same. */
const fast: Suite = {
	...doubleSuite,
	sha256: async (bytes) => Uint8Array.from(createHash('sha256').update(bytes).digest())
};

export const SUITES = { double: fast, noble: nobleSuite } as const;
export type SuiteName = keyof typeof SUITES;
