/**
 * Lucide's icons as plain markup. Its components build each icon from a description while the page runs,
 * attribute by attribute, which was half of the time that drawing a list took; what they draw never
 * changes, so the build writes it down. Whoever needs to style an icon does it from around it.
 */
import { readFileSync } from 'node:fs';

const ICON = /[\\/]@lucide[\\/]svelte[\\/]dist[\\/]icons[\\/][\w-]+\.svelte$/;
const DESCRIPTION = /const iconData = (\{.*\});/;

/** @returns {import('vite').Plugin} */
export function plainIcons() {
	return {
		name: 'plain-icons',
		enforce: 'pre',
		load(id) {
			if (ICON.test(id)) return draw(id, readFileSync(id, 'utf8'));
			return null;
		}
	};
}

/**
 * @param {string} file
 * @param {string} source of one of Lucide's components
 * @returns {string} of one that has no script
 * @throws {Error} if Lucide describes its icons in another way
 */
function draw(file, source) {
	const [, description] = DESCRIPTION.exec(source) ?? [];
	if (description === undefined) throw new Error(`${file}: no description of the icon is found`);
	/** @type {{ size: number, node: [tag: string, attributes: Record<string, string>][] }} */
	const { size, node } = JSON.parse(description);
	const lines = node.map(([tag, attributes]) => `<${tag} ${toText(attributes)}/>`);
	const frame = toText({
		...{ class: 'lucide', 'aria-hidden': 'true', xmlns: 'http://www.w3.org/2000/svg' },
		...{ width: '24', height: '24', viewBox: `0 0 ${size} ${size}`, fill: 'none' },
		...{ stroke: 'currentColor', 'stroke-width': '2' },
		...{ 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }
	});
	return `<svg ${frame}>${lines.join('')}</svg>`;
}

/**
 * @param {Record<string, string>} attributes
 * @returns {string}
 */
function toText(attributes) {
	return Object.entries(attributes)
		.map(([name, value]) => `${name}="${value}"`)
		.join(' ');
}
