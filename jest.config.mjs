import { fileURLToPath } from 'node:url';

/**
 * `.ts` is what is published; everything else is `.mts`, and n8n's lint, made for code that runs inside n8n, leaves it to
 * eslint.tools.mjs.
 */
const shared = {
	testEnvironment: '<rootDir>/test/jest/environment.cjs',
	transform: {
		'node_modules/.+\\.js$': '<rootDir>/test/jest/esmPackage.cjs',
		'\\.m?ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' } }],
	},
	// Only those that tests use and that have no CommonJS form.
	transformIgnorePatterns: ['/node_modules/(?!(?:execa|listr2|p-queue|p-wait-for|httpxy|qs-esm)/)'],
	// The order in which Node would look, TypeScript last.
	moduleFileExtensions: ['js', 'mjs', 'cjs', 'json', 'node', 'ts', 'mts'],
	// TypeScript sources name each other by the ending they will have once compiled.
	moduleNameMapper: {
		'^(\\.{1,2}/.*)\\.mjs$': ['$1.mts', '$1.mjs'],
		'^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'],
	},
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

// Stryker knows no <rootDir>.
const setupFilesAfterEnv = [fileURLToPath(new URL('test/jest/freshProcess.mts', import.meta.url))];

export default {
	// jest leaves one core alone by default, which is half of a small machine.
	maxWorkers: '100%',
	collectCoverageFrom: ['<rootDir>/{nodes,credentials}/**/*.ts'],
	coverageReporters: [['text', { skipFull: true }]],
	coverageThreshold: { global: { statements: 100, branches: 100, functions: 100, lines: 100 } },
	projects: [
		{
			...shared,
			displayName: 'unit',
			setupFilesAfterEnv,
			testMatch: ['<rootDir>/test/{credentials,nodes}/**/*.test.mts'],
		},
		{
			...shared,
			displayName: 'integration',
			setupFilesAfterEnv,
			testMatch: ['<rootDir>/test/*.test.mts', '<rootDir>/test/{demo,docs,host,integration,simulator}/**/*.test.mts'],
		},
		// Builds and packs: the gate runs it.
		{ ...shared, displayName: 'package', testMatch: ['<rootDir>/test/package/*.test.mts'] },
		{ ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.mts'] },
	],
};
