import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import defms from './eslint/rules.js';

/** Our sources; what stands in tests, scripts and configuration is judged more gently. */
const SOURCES = ['src/**/*.ts', 'relay/**/*.ts', 'gateway/**/*.ts'];
/**
 * What begins with an underscore is there for its place, not for its use.
 * @type {import('eslint').Linter.RuleEntry}
 */
const UNUSED = [
	'error',
	{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }
];

const TESTS = ['**/*.test.ts', 'tests/**/*.ts', 'bench/**/*.ts'];

/** Files that turn unknown bytes into typed values: the only ones that may write `as`. */
const PARSERS = ['src/lib/wire/**/*.ts'];

/** Run unchanged in Node and in browsers; what they need from outside is a parameter. */
const PURE = [
	'wire',
	'crypto',
	'identity',
	'trust',
	'threads',
	'post',
	'search',
	'mailbox',
	'exchange'
].map((folder) => `src/lib/${folder}/**/*.ts`);

export default defineConfig(
	{ ignores: ['build/', '.svelte-kit/', 'data/', 'test-results/', 'tests/lint/refused/'] },
	js.configs.recommended,
	{
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		languageOptions: { globals: { ...globals.node } },
		rules: {
			// What strangers send is searched for control characters on purpose.
			'no-control-regex': 'off'
		}
	},
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.strict],
		rules: {
			// TypeScript knows the globals of every file better than a list does.
			'no-undef': 'off',
			'@typescript-eslint/no-unused-vars': UNUSED
		}
	},
	{
		files: SOURCES,
		ignores: TESTS,
		extends: [tseslint.configs.strictTypeChecked],
		languageOptions: {
			parserOptions: {
				projectService: true,
				tsconfigRootDir: import.meta.dirname,
				extraFileExtensions: ['.svelte']
			}
		},
		rules: {
			'@typescript-eslint/no-unused-vars': UNUSED,
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			'@typescript-eslint/no-confusing-void-expression': [
				'error',
				{ ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }
			],
			// A port's double answers at once, where the real thing waits: both are async.
			'@typescript-eslint/require-await': 'off'
		}
	},
	{
		// Workers' globals are not the page's: they have a tsconfig of their own.
		files: ['src/service-worker.ts', 'src/lib/workers/**'],
		languageOptions: { parserOptions: { projectService: false, project: './tsconfig.worker.json' } }
	},
	{
		files: SOURCES,
		ignores: [...TESTS, ...PARSERS],
		rules: {
			'@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }]
		}
	},
	{
		files: PURE,
		ignores: TESTS,
		rules: {
			'no-restricted-globals': [
				'error',
				...['window', 'document', 'navigator', 'localStorage', 'indexedDB', 'location', 'self'].map(
					(name) => ({ name, message: 'This folder runs in Node too: make it a parameter.' })
				)
			]
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		extends: [tseslint.configs.strict, svelte.configs.recommended],
		languageOptions: {
			globals: { ...globals.browser },
			parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'] }
		},
		rules: {
			'no-undef': 'off',
			'svelte/no-at-html-tags': 'error',
			'svelte/require-each-key': 'error',
			'@typescript-eslint/no-unused-vars': UNUSED,
			// Naming a reactive value is how an effect depends on it.
			'@typescript-eslint/no-unused-expressions': 'off',
			// The app is one page; its links are fragments, which no path can break.
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	{
		files: [...SOURCES, 'src/**/*.svelte'],
		ignores: TESTS,
		plugins: { defms },
		rules: {
			'defms/import-table': 'error',
			'defms/no-import-cycle': 'error',
			'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
			'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }]
		}
	},
	{
		files: TESTS,
		rules: {
			'@typescript-eslint/no-non-null-assertion': 'off',
			'svelte/prefer-svelte-reactivity': 'off'
		}
	}
);
