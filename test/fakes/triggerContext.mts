import type {
	IDataObject,
	INodeExecutionData,
	IRun,
	ITriggerFunctions,
	IWorkflowSettings,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { createDeferredPromise } from './createDeferredPromise.mjs';
import { connectedApp } from './credentials.mjs';
import type { SimulatedPortal } from './simulatedPortal.mjs';
import { simulatedPortal } from './simulatedPortal.mjs';
import { ourNode } from './webhookContext.mjs';

interface Given {
	parameters?: { [name: string]: unknown };
	/** An error to throw where n8n cannot read it. */
	credential?: unknown;
	mode?: WorkflowExecuteMode;
	/** Who activates the workflow: by default a person. */
	activation?: WorkflowActivateMode;
	portal?: SimulatedPortal;
	/** What becomes of each run: its status, `undefined` where n8n takes it for a double, or an error. */
	run?: (items: IDataObject[], count: number) => Ending | Promise<Ending>;
	/** n8n 1.x has no way to save it. */
	savesFailures?: boolean;
	/** The workflow's settings. */
	settings?: IWorkflowSettings;
}

/** How a run ends. */
export type Ending = IRun['status'] | undefined | Error;

/** n8n's context of trigger(), and what became of it. */
export interface FakeTrigger {
	context: ITriggerFunctions;
	portal: SimulatedPortal;
	/** What was started, the oldest first. */
	emitted: Array<{ items: IDataObject[]; deduplicationKey: string | undefined }>;
	/** What was logged, with its level in front. */
	log: string[];
	/** What was saved as a failed execution. */
	failures: string[];
}

const endedAtNode = { resultData: { runData: {}, lastNodeExecuted: 'When a Lead Goes' } };

/** What n8n hands out for an app that is connected to this portal. */
export function connectedTo({ simulator }: SimulatedPortal): typeof connectedApp {
	const oauthTokenData = { ...connectedApp.oauthTokenData, member_id: simulator.memberId };
	return { ...connectedApp, oauthTokenData };
}

export function triggerContext(given: Given = {}): FakeTrigger {
	const { parameters = {}, mode = 'trigger', run = () => 'success' } = given;
	const portal = given.portal ?? simulatedPortal();
	const { credential = connectedTo(portal) } = given;
	const [emitted, log, failures]: [FakeTrigger['emitted'], string[], string[]] = [[], [], []];
	const write = (level: string) => (message: string) => void log.push(`${level}: ${message}`);
	const form: typeof parameters = { events: ['ONCRMLEADDELETE'], ...parameters };

	const emit: ITriggerFunctions['emit'] = (data, _response, done, deduplicationKey) => {
		const items = itemsOf(data);
		emitted.push({ items, deduplicationKey });
		void Promise.resolve(run(items, emitted.length)).then((ending) => {
			// For a double n8n resolves it with nothing, which its types do not say.
			if (ending instanceof Error) done?.reject(ending);
			else done?.resolve((ending && { status: ending, data: endedAtNode }) as unknown as IRun);
		});
	};
	const used = {
		emit,
		...(given.savesFailures === false ? {} : { saveFailedExecution: (error: Error) => failures.push(error.message) }),
		getNodeParameter: (name: string, fallback?: unknown) => (name in form ? form[name] : fallback),
		getCredentials: async () => {
			if (credential instanceof Error) throw credential;
			return credential;
		},
		getMode: () => mode,
		getActivationMode: () => given.activation ?? 'activate',
		getNode: () => ({ ...ourNode, type: 'bitrix24QueueTrigger' }),
		getWorkflowSettings: () => given.settings ?? {},
		getWorkflow: () => ({ id: 'workflow-1', active: true }),
		logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
		helpers: {
			...portal.helpers,
			createDeferredPromise,
			returnJsonArray: (items: IDataObject[]) => items.map((json) => ({ json })),
		},
	};
	// Only what the trigger uses is there; anything else is undefined, and a test that reaches for it falls over.
	return { context: used as unknown as ITriggerFunctions, portal, emitted, log, failures };
}

function itemsOf(data: INodeExecutionData[][]): IDataObject[] {
	return data.flat().map(({ json }) => json);
}
