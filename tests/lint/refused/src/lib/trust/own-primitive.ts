// expect: defms/import-table
import { ed25519 } from '@noble/curves/ed25519.js';

export const sign = ed25519;
