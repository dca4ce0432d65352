import { z } from 'zod';

const versions = { n8n: z.string(), node: z.string() };
const tried = z.object({ ...versions, passed: z.number(), total: z.number() });
/** An n8n that does not start on a Node.js, and the versions that it asks for instead. */
const refused = z.object({ ...versions, asksFor: z.string() });

/** What `npm run test:compat` has found out, as it keeps it in `docs/compatibility.json`. */
export const compatibility = z.object({
	command: z.string(),
	/** e.g. `2026-11-23` */
	date: z.string(),
	attempts: z.array(z.union([tried, refused])),
});

export type Attempt = z.infer<typeof compatibility>['attempts'][number];

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** The same for people, in Markdown. */
export function compatibilityTable({ command, date, attempts }: z.infer<typeof compatibility>): string {
	const outcome = (attempt: Attempt) =>
		'asksFor' in attempt
			? `n8n does not start on it: it asks for ${attempt.asksFor}`
			: `${attempt.passed} of ${attempt.total}`;
	return [
		row(['n8n', 'Node.js', 'Tests passed']),
		row(['---', '---', '---']),
		...attempts.map((attempt) => row([attempt.n8n, attempt.node, outcome(attempt)])),
		'',
		`\`${command}\` wrote this table on ${date}.`,
	].join('\n');
}
