import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The version of a Node.js, e.g. `24.21.0`. @param binary where it lies */
export async function nodeVersion(binary: string): Promise<string> {
	const { stdout } = await promisify(execFile)(binary, ['--version']);
	return stdout.trim().replace(/^v/, '');
}
