/** Our own lint rules: the import table, and no cycles. `eslint.config.js` switches them on. */
import { builtinModules } from 'node:module';
import path from 'node:path';
import { findCycle, resolveImport } from './import-graph.js';
import { AREAS, MAY_IMPORT, PACKAGES } from './import-table.js';

/** @typedef {import('eslint').Rule.RuleContext} Context */
/** @typedef {import('eslint').Rule.Node} Node */

/** @type {import('eslint').Rule.RuleModule} */
const importTable = {
	meta: {
		type: 'problem',
		schema: [],
		messages: {
			area: '{{from}} may not import {{to}} (eslint/import-table.js)',
			package: '{{from}} may not import {{name}}: {{why}} (eslint/import-table.js)',
			computed: 'import() of a computed name cannot be checked against eslint/import-table.js'
		}
	},
	create(context) {
		return onImport((node, specifier) => {
			const from = areaOf(context, context.filename);
			if (!from) return;
			if (specifier === null) return context.report({ node, messageId: 'computed' });
			const target = resolveImport(context.cwd, context.filename, specifier);
			if (target) checkArea(context, node, from, target);
			else checkPackage(context, node, from, specifier);
		});
	}
};

/** @type {import('eslint').Rule.RuleModule} */
const noImportCycle = {
	meta: {
		type: 'problem',
		schema: [],
		messages: { cycle: 'This import leads back to this file: {{way}}' }
	},
	create(context) {
		return onImport((node, specifier) => {
			if (specifier === null || node.type === 'ImportExpression') return;
			const target = resolveImport(context.cwd, context.filename, specifier);
			const cycle = target && findCycle(context.cwd, context.filename, target);
			if (!cycle) return;
			const way = cycle.map((file) => path.basename(file)).join(' → ');
			context.report({ node, messageId: 'cycle', data: { way } });
		});
	}
};

export default { rules: { 'import-table': importTable, 'no-import-cycle': noImportCycle } };

/**
 * @param {(node: Node, specifier: string | null) => void} visit called for each import of a value:
 * static, re-exported, dynamic, or a worker's `new URL('./x.ts', import.meta.url)`. The specifier
 * is null if it is computed.
 * @returns {import('eslint').Rule.RuleListener}
 */
function onImport(visit) {
	/** @param {any} node parsed by typescript-eslint, whose nodes know more than ESLint's types */
	const visitDeclaration = (node) => {
		const isType = node.importKind === 'type' || node.exportKind === 'type';
		if (node.source && !isType) visit(node, node.source.value);
	};
	return {
		ImportDeclaration: visitDeclaration,
		ExportNamedDeclaration: visitDeclaration,
		ExportAllDeclaration: visitDeclaration,
		ImportExpression: (node) => {
			visit(node, node.source.type === 'Literal' ? String(node.source.value) : null);
		},
		NewExpression: (node) => {
			const [first, second] = node.arguments;
			const isUrl = node.callee.type === 'Identifier' && node.callee.name === 'URL';
			if (!isUrl || first?.type !== 'Literal' || second?.type !== 'MemberExpression') return;
			if (second.object.type === 'MetaProperty') visit(node, String(first.value));
		}
	};
}

/**
 * @param {Context} context
 * @param {Node} node
 * @param {string} from
 * @param {string} target absolute path
 */
function checkArea(context, node, from, target) {
	const to = areaOf(context, target);
	if (to === from) return;
	const inside = relativePath(context, target)
		.replace(/^src\/(lib\/)?/, '')
		.replace(/\.(svelte\.)?(svelte|[jt]s)$/, '');
	const allowed = (MAY_IMPORT[from] ?? []).some(
		(entry) => inside === entry || inside.startsWith(`${entry}/`)
	);
	if (!allowed) context.report({ node, messageId: 'area', data: { from, to: inside } });
}

/**
 * @param {Context} context
 * @param {Node} node
 * @param {string} from
 * @param {string} specifier
 */
function checkPackage(context, node, from, specifier) {
	const name = builtinModules.includes(specifier) ? `node:${specifier}` : packageOf(specifier);
	const bound = PACKAGES.find(({ packages }) => packages.test(name));
	if (!bound || bound.areas.includes(from)) return;
	context.report({ node, messageId: 'package', data: { from, name, why: bound.why } });
}

/** @param {string} specifier `idb/with-async` is part of the package `idb` */
function packageOf(specifier) {
	if (/^(node:|\$app\/)/.test(specifier)) return specifier;
	return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/**
 * @param {Context} context
 * @param {string} file absolute
 * @returns {string | null} null for what the table does not govern: tests, scripts, configuration
 */
function areaOf(context, file) {
	const relative = relativePath(context, file);
	if (relative.endsWith('.worker.ts')) return 'workers';
	return AREAS.find(([prefix]) => relative.startsWith(prefix))?.[1] ?? null;
}

/**
 * @param {Context} context
 * @param {string} file
 */
function relativePath(context, file) {
	return path.relative(context.cwd, file).replaceAll(path.sep, '/');
}
