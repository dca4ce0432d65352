// n8n publishes its scanner without types. This is the part of it that we call.
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	/** The files of a source checkout that n8n looks at. */
	export const SOURCE_FILE_PATTERNS: string[];

	/** Lints a folder with n8n's rules for published packages; comments that switch rules off do not count. */
	export function analyzePackage(
		packageDir: string,
		filePatterns?: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}
