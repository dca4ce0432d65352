import { execa } from 'execa';

/** What an npm that has started us tells its scripts about itself: wrong for another one, in another folder. */
const OUTER_NPM = /^npm_(lifecycle|package|command|config_(local_prefix|global_prefix|prefix|ignore_scripts))/;

/**
 * Runs npm.
 *
 * @param folder where
 * @param environment added to ours
 * @returns what npm wrote to its standard output
 * @throws one line with what npm gave as the reason
 */
export async function runNpm(
	folder: string,
	args: readonly string[],
	environment: NodeJS.ProcessEnv = {},
): Promise<string> {
	const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OUTER_NPM.test(name)));
	const env = { ...inherited, ...environment };
	const { failed, stdout, ...rest } = await execa('npm', args, { cwd: folder, env, extendEnv: false, reject: false });
	if (!failed) return stdout;
	const told = errorLines(rest.stderr) || rest.stderr.trim().slice(-500) || rest.message;
	throw new Error(`"npm ${args.join(' ')}" did not succeed in ${folder}: ${told}`);
}

function errorLines(output: string): string {
	const lines = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
	const told = lines.map((line) => line.replace(/^npm (error|ERR!) ?/, '')).filter((line) => line.trim() !== '');
	return told
		.filter((line) => !line.includes('A complete log of this run'))
		.slice(0, 6)
		.join('; ');
}
