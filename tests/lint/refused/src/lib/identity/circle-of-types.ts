// expect: nothing
import type { Way } from './circle-of-types-back.ts';

export const way = (way: Way): Way => way;
