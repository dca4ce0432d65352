/** A real n8n with this package in it, beside a simulated Bitrix24 portal. */
import { fileURLToPath } from 'node:url';

import { Cleanup } from './Cleanup.mjs';
import { demoArguments } from './demoArguments.mjs';
import { ExecutionFinder } from './ExecutionFinder.mjs';
import { importExamples } from './importExamples.mjs';
import { type Demo, openDemo } from './openDemo.mjs';
import { runOnce } from './runOnce.mjs';
import { Steps } from './Steps.mjs';
import { welcome } from './welcome.mjs';
import { whenStopped } from './whenStopped.mjs';

const EXAMPLES_FOLDER = fileURLToPath(new URL('../examples', import.meta.url));

const cleanup = new Cleanup();
/** From then on, Ctrl+C is the way to end it, and no failure. */
let ready = false;

async function end(exitCode: number): Promise<never> {
	await cleanup.run();
	process.exit(exitCode);
}

/** On the portal's page, each delivery leads to the execution that it has started. */
function linkExecutions({ portal, client }: Demo): void {
	const finder = new ExecutionFinder(client);
	const closing = new AbortController();
	portal.executionOf = (delivery) => finder.executionOf(delivery);
	void finder.follow(portal.deliveries, closing);
	cleanup.add(() => closing.abort());
}

async function demo(): Promise<void> {
	const { once, withoutDelivery } = demoArguments(process.argv.slice(2), process.env);
	const steps = new Steps();
	const opened = await openDemo(steps, cleanup);

	if (once) {
		const item = await runOnce(opened, steps, { withoutDelivery });
		await cleanup.run();
		console.log(JSON.stringify(item, null, 2));
		return;
	}
	await steps.run(
		'Importing the example workflows',
		async () => await importExamples(opened.client, EXAMPLES_FOLDER, { bitrix24OAuth2Api: opened.account }),
		(count) => `${count} example workflows are in n8n as well`,
	);
	linkExecutions(opened);
	if (withoutDelivery) opened.portal.faults.deliveries = 'lost';
	// A person who connects the account again sees what a real portal shows.
	opened.portal.consentPage = true;
	console.log(welcome(opened));
	ready = true;
	void opened.n8n.exited.then(async (how) => {
		if (cleanup.begun) return;
		console.error(`n8n has ended by itself (${how}):\n${opened.n8n.log().slice(-2000)}`);
		await end(1);
	});
}

whenStopped(() => {
	console.error('\nStopping everything.');
	void end(ready ? 0 : 1);
});

demo().catch(async (error: unknown) => {
	console.error(`\n${error instanceof Error ? error.message : String(error)}`);
	await end(1);
});
