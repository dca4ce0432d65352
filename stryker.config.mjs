/**
 * Mutation test: changes the package's code in small ways, and looks whether a unit test notices. One room at a time,
 * held to that room's own tests: `ROOM=webhook npm run mutate`.
 */
import { fileURLToPath } from 'node:url';

import jestConfig from './jest.config.mjs';

const unit = jestConfig.projects.find(({ displayName }) => displayName === 'unit');

const room = process.env.ROOM ?? '{event,webhook,queue}';

export default {
	testRunner: 'jest',
	plugins: ['@stryker-mutator/jest-runner'],
	mutate: [`nodes/Bitrix24/${room}/**/*.ts`],
	jest: {
		projectType: 'custom',
		config: {
			...unit,
			// Stryker wraps it, and knows no <rootDir>.
			testEnvironment: fileURLToPath(new URL('test/jest/environment.cjs', import.meta.url)),
			// The copy's own: the original would clear what the original module remembers, not what is tested.
			setupFilesAfterEnv: ['<rootDir>/test/jest/freshProcess.mts'],
			// Else those of jest's configuration would be taken, too.
			projects: null,
			testMatch: [`<rootDir>/test/nodes/Bitrix24/${room}/**/*.test.mts`],
			// Hundreds of stories and thousands of bodies for each mutant are too many: what they find has a test of its own.
			testPathIgnorePatterns: ['fuzz\\.test', 'properties\\.test'],
			testRunner: '<rootDir>/test/mutation/jest-circus-until-one-fails.mjs',
			testSequencer: '<rootDir>/test/mutation/namesakesFirst.mjs',
		},
	},
	coverageAnalysis: 'perTest',
	// What is made once, when a module is loaded, cannot be told apart by test: each such mutant would run every test.
	ignoreStatic: true,
	concurrency: 2,
	timeoutMS: 20_000,
	ignorePatterns: ['.cache', 'bench', 'coverage', 'demo', 'dist', 'docs', 'examples', 'host', 'test/e2e'],
	tempDirName: '.cache/stryker',
	reporters: ['clear-text', 'progress-append-only', 'json'],
	clearTextReporter: { logTests: false, allowColor: false, reportTests: false },
	jsonReporter: { fileName: `.cache/mutation/${process.env.ROOM ?? 'all'}.json` },
	thresholds: { high: 95, low: 85, break: 85 },
};
