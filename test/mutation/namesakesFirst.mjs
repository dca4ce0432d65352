/**
 * Jest's order of test files for the mutation test: those that are named after the mutated file come first, because
 * they are the likeliest to fail.
 */
import { basename } from 'node:path';

import TestSequencer from '@jest/test-sequencer';

const subject = (path) => basename(path).split('.')[0];

export default class NamesakesFirst extends TestSequencer {
	constructor(options) {
		super(options);
		this.mutated = new Set(options.globalConfig.nonFlagArgs.map(subject));
	}

	sort(tests) {
		const isOther = ({ path }) => (this.mutated.has(subject(path)) ? 0 : 1);
		return [...tests].sort((a, b) => isOther(a) - isOther(b) || a.path.localeCompare(b.path));
	}
}
