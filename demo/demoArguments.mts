import { parseArgs } from 'node:util';

/** What the demo was asked for. */
export interface DemoArguments {
	/** Do the whole round without a person, and end. */
	once: boolean;
	/** Lose the portal's deliveries once the workflow is active: shows what `--once` says when nothing arrives. */
	withoutDelivery: boolean;
}

/**
 * Reads the command line.
 *
 * @param environment `WITHOUT_DELIVERY=1` does what `--without-delivery` does
 * @throws for an option that there is not
 */
export function demoArguments(argv: readonly string[], environment: NodeJS.ProcessEnv): DemoArguments {
	const { values } = parseArgs({
		args: [...argv],
		options: {
			once: { type: 'boolean', default: false },
			'without-delivery': { type: 'boolean', default: false },
		},
	});
	return {
		once: values.once,
		withoutDelivery: values['without-delivery'] || environment.WITHOUT_DELIVERY === '1',
	};
}
