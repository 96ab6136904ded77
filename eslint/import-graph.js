/** Resolves imports to files and follows them: what the two import rules stand on. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/**
 * @param {string} root folder with `src` in it
 * @param {string} file the importing file, absolute
 * @param {string} specifier as written
 * @returns {string | null} absolute path of the imported file (which may not exist), or null for
 * a package
 */
export function resolveImport(root, file, specifier) {
	const bare = specifier.replace(/\?.*$/, '');
	if (/^\.{1,2}(\/|$)/.test(bare)) return path.resolve(path.dirname(file), bare);
	const inLib = /^[#$]lib(?:\/(.*))?$/.exec(bare);
	return inLib ? path.resolve(root, 'src/lib', inLib[1] ?? '') : null;
}

/**
 * @param {string} root
 * @param {string} start a file, absolute
 * @param {string} via a file that `start` imports, absolute
 * @returns {string[] | null} the files from `via` back to `start`, or null if none leads back
 */
export function findCycle(root, start, via) {
	/** @type {Map<string, string | null>} each seen file and the one that led to it */
	const cameFrom = new Map([[via, null]]);
	for (const file of cameFrom.keys()) {
		if (file === start) return walkBack(cameFrom, file);
		for (const next of valueImports(root, file)) {
			if (!cameFrom.has(next)) cameFrom.set(next, file);
		}
	}
	return null;
}

/**
 * @param {Map<string, string | null>} cameFrom
 * @param {string} end
 */
function walkBack(cameFrom, end) {
	/** @type {string[]} */
	const files = [];
	for (let file = /** @type {string | null} */ (end); file; file = cameFrom.get(file) ?? null) {
		files.unshift(file);
	}
	return files;
}

/** @type {Map<string, { modified: number, imports: string[] }>} */
const importsByFile = new Map();

/**
 * @param {string} root
 * @param {string} file absolute
 * @returns {string[]} the existing files that it imports for their values, absolute
 */
function valueImports(root, file) {
	if (!existsSync(file) || !/\.(svelte|[jt]s)$/.test(file)) return [];
	const modified = statSync(file).mtimeMs;
	const known = importsByFile.get(file);
	if (known?.modified === modified) return known.imports;
	const imports = readSpecifiers(readScript(file))
		.map((specifier) => resolveImport(root, file, specifier))
		.filter((target) => target !== null);
	importsByFile.set(file, { modified, imports });
	return imports;
}

/** @param {string} file */
function readScript(file) {
	const text = readFileSync(file, 'utf8');
	if (!file.endsWith('.svelte')) return text;
	return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)]
		.map((match) => match[1])
		.join(';');
}

/**
 * @param {string} script
 * @returns {string[]} specifiers of static value imports and re-exports. A dynamic import is no
 * part of a cycle: it runs after both modules are there.
 */
function readSpecifiers(script) {
	return ts
		.createSourceFile('x.ts', script, ts.ScriptTarget.Latest)
		.statements.filter((node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
		.filter((node) => !isTypeOnly(node))
		.map((node) => node.moduleSpecifier)
		.filter((specifier) => specifier !== undefined && ts.isStringLiteral(specifier))
		.map((specifier) => specifier.text);
}

/** @param {ts.ImportDeclaration | ts.ExportDeclaration} node */
function isTypeOnly(node) {
	if (ts.isExportDeclaration(node)) return node.isTypeOnly;
	return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}
