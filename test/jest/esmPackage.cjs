/** Has Node itself load a package that consists of ES modules. */
module.exports = {
	process: (_source, path) => ({ code: `module.exports = nativeRequire(${JSON.stringify(path)});` }),
};
