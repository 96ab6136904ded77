/** How much of what is written again and again is kept: all of it stands in one row. */

export const TEMPLATE_NAME_CHARACTERS = 60;

/** Subject, HTML and text of one, in bytes of UTF-8: several pages. */
export const TEMPLATE_BYTES = 32_768;

export const TEMPLATES_MAX = 100;
