/** Builds the package: `gulp build` makes dist/ anew, ready to be packed. */
const { spawn } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

/** Removes dist/, so that nothing of an earlier build is published. */
const clean = () => rm('dist', { recursive: true, force: true });

/** Compiles credentials and nodes with the project's own TypeScript. */
const compile = () =>
	spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

// gulp 5 reads files as UTF-8 text unless told otherwise, which would spoil any icon that is not a text.
const copyTo = (folder, ...files) => src(files, { encoding: false }).pipe(dest(folder));

/** Copies the icons, next to the folders that name them. */
const copyIcons = () => copyTo('dist/icons', 'icons/**/*');

/** Copies the codex files, which tell n8n where to list a node. */
const copyCodexFiles = () => copyTo('dist/nodes', 'nodes/**/*.json');

const copy = parallel(copyIcons, copyCodexFiles);

module.exports = { clean, compile, copy, build: series(clean, parallel(compile, copy)) };
