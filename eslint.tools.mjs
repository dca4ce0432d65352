/**
 * Lints the programs around the package (`.mts`). The package itself (`.ts`) is linted by n8n's own, unchanged
 * configuration in eslint.config.mjs, whose rules against Node.js modules and globals make no sense outside n8n.
 */
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
	{ ignores: ['dist', 'coverage', 'node_modules', '.cache'] },
	{ files: ['**/*.mts'], extends: [js.configs.recommended, tseslint.configs.recommended] },
);
