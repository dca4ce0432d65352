/**
 * Jest's runner for the mutation test: one failing test is enough, so the files after it are left out. Jest itself would
 * end the whole process, Stryker's worker, at the first failure. Stryker wants "jest-circus" in the name.
 */
import jestCircus from 'jest-circus/runner';

let killed = null;

export default async function run(globalConfig, config, environment, runtime, testPath, sendMessage) {
	const mutant = process.env.__STRYKER_ACTIVE_MUTANT__ ?? null;
	if (mutant !== null && mutant === killed) return skipped(config, testPath);
	const result = await jestCircus.default(globalConfig, config, environment, runtime, testPath, sendMessage);
	if (mutant !== null && result.numFailingTests > 0) killed = mutant;
	return result;
}

/** The result of a file whose tests were skipped. Jest takes a file without any for broken. */
function skipped({ displayName }, testFilePath) {
	const test = {
		ancestorTitles: [],
		title: '',
		fullName: '',
		status: 'pending',
		failureMessages: [],
		failureDetails: [],
	};
	return {
		displayName,
		failureMessage: null,
		leaks: false,
		numFailingTests: 0,
		numPassingTests: 0,
		numPendingTests: 1,
		numTodoTests: 0,
		openHandles: [],
		perfStats: {},
		skipped: true,
		snapshot: { added: 0, fileDeleted: false, matched: 0, unchecked: 0, uncheckedKeys: [], unmatched: 0, updated: 0 },
		testFilePath,
		testResults: [{ ...test, location: null, numPassingAsserts: 0 }],
	};
}
