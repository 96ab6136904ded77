/** Limits of real time would tell another story on a slower machine. */

const endless = (): AbortSignal => new AbortController().signal;

export const NO_HURRY = { turn: endless, patience: endless, holderTurn: endless } as const;
