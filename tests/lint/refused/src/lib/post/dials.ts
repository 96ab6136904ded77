// expect: defms/import-table
import { ping } from '@libp2p/ping';

export const knock = ping;
