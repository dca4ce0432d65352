const { TestEnvironment } = require('jest-environment-node');

/** Node, with its own `require`: jest's cannot load ES modules before Node 24. */
module.exports = class extends TestEnvironment {
	constructor(...given) {
		super(...given);
		this.global.nativeRequire = require;
	}
};
