/** For whom a letter is that names nobody. It leaves with the letter: the same in every language. */
export const ANYBODY = 'Letter link';
