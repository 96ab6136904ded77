// expect: nothing
import { createLibp2p } from 'libp2p';

export const dial = createLibp2p;
