// expect: nothing
import { way } from './circle-of-types.ts';

export type Way = string;
export const there = way('there');
