import type { Request, Response } from 'express';
import { ExecuteContext, HookContext, LoadOptionsContext, TriggerContext, WebhookContext } from 'n8n-core';
import type {
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodePropertyOptions,
	ITriggerFunctions,
	IWebhookData,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { createEmptyRunExecutionData } from 'n8n-workflow';

import { processState } from '../../../nodes/Bitrix24/n8n/processState.js';
import { additionalData } from './additionalData.mjs';
import type { MemoryCredentials } from './MemoryCredentials.mjs';
import type { StoredWorkflow } from './StoredWorkflow.mjs';

/** An execution that was started. */
export interface Execution {
	mode: WorkflowExecuteMode;
	items: IDataObject[];
}

type Emitters = Pick<ITriggerFunctions, 'emit' | 'emitError' | 'saveFailedExecution'>;

/** A small n8n: one workflow with one node, run in n8n-core's own contexts. */
export class TestN8n {
	/** What was started, the oldest first. */
	readonly executions: Execution[] = [];
	/** Everything that was logged, by the node and by n8n-core. */
	readonly log: string[] = [];
	/** What webhook() threw: a real n8n answers 500. */
	readonly thrown: unknown[] = [];
	/** Requests of the node's that are under way, whether anybody waits for them or not. */
	private readonly requests = new Set<Promise<unknown>>();
	/** Set by its opener: where it is reached. */
	baseUrl = '';

	constructor(
		readonly workflow: StoredWorkflow,
		readonly credentials: MemoryCredentials,
	) {}

	/** The node's webhook URL, the production one by default. */
	webhookUrl(isTest = false): string {
		const url = this.hookContext(this.workflow.load(isTest), 'trigger', 'activate', isTest).getNodeWebhookUrl(
			'default',
		);
		if (url === undefined) throw new Error('The node has no webhook URL');
		return url;
	}

	/** Runs one of the node's webhook methods as n8n would; static data is saved when it has succeeded. */
	async hook(
		method: 'checkExists' | 'create' | 'delete',
		{
			mode = 'trigger',
			activation = 'activate',
		}: { mode?: WorkflowExecuteMode; activation?: WorkflowActivateMode } = {},
	): Promise<boolean> {
		const workflow = this.workflow.load(mode === 'manual');
		const outcome = await this.runHook(workflow, method, mode, activation);
		this.workflow.save(workflow);
		return outcome;
	}

	/**
	 * Activates the workflow (packages/cli, `WebhookTriggerRegistrar.register`): asks whether it is registered, registers
	 * it if not, and takes it down again where that is refused.
	 */
	async activate(activation: WorkflowActivateMode = 'activate', isTest = false): Promise<void> {
		const mode = isTest ? 'manual' : 'trigger';
		const workflow = this.workflow.load(isTest);
		try {
			if (!(await this.runHook(workflow, 'checkExists', mode, activation))) {
				await this.runHook(workflow, 'create', mode, activation);
			}
		} catch (error) {
			await this.runHook(workflow, 'delete', 'internal', 'update', isTest).catch((second: unknown) => {
				this.log.push(`Could not remove webhook because of error: ${String(second)}`);
			});
			if (!isTest) this.workflow.save(workflow);
			throw error;
		}
		if (!isTest) this.workflow.save(workflow);
	}

	/** Takes the workflow down, as deactivating it does. */
	async deactivate(isTest = false): Promise<void> {
		const workflow = this.workflow.load(isTest);
		await this.runHook(workflow, 'delete', 'internal', 'update', isTest);
		if (!isTest) this.workflow.save(workflow);
	}

	/** Settles when no request of the node's is under way: a webhook may go on asking the portal after it has answered. */
	async requestsDone(): Promise<void> {
		while (this.requests.size > 0) await Promise.allSettled(this.requests);
	}

	/** The choices of a list that the node loads. */
	async loadOptions(method: string, parameters: INodeParameters = {}): Promise<INodePropertyOptions[]> {
		const load = this.workflow.nodeType.methods?.loadOptions?.[method];
		if (!load) throw new Error(`The node loads no options by the name of ${method}`);
		const workflow = this.workflow.load();
		const node = this.nodeOf(workflow);
		const data = this.dataWith({ currentNodeParameters: { ...node.parameters, ...parameters } });
		return await load.call(this.recorded(new LoadOptionsContext(workflow, node, data, '')));
	}

	/** The context that trigger() runs in. Its workflow's static data is saved by `save`. */
	triggerContext(
		mode: WorkflowExecuteMode,
		activation: WorkflowActivateMode,
		{ emit, emitError, saveFailedExecution }: Emitters,
	): { context: TriggerContext; save(): void } {
		const workflow = this.workflow.load(mode === 'manual');
		const node = this.nodeOf(workflow);
		const emitters = [emit, emitError, saveFailedExecution] as const;
		const context = new TriggerContext(workflow, node, this.dataWith(), mode, activation, ...emitters);
		return { context: this.recorded(context), save: () => this.workflow.save(workflow) };
	}

	/** Answers what is posted to a webhook URL (packages/cli, `LiveWebhooks` and `TestWebhooks`). */
	async receive(request: Request, response: Response, isTest: boolean): Promise<void> {
		const { nodeType } = this.workflow;
		const mode = isTest ? 'manual' : 'webhook';
		const workflow = this.workflow.load(isTest);
		const data = this.dataWith({ httpRequest: request, httpResponse: response });
		const webhook = this.webhookData(workflow, data, isTest);
		const context = new WebhookContext(workflow, this.nodeOf(workflow), data, mode, webhook, [], null);
		try {
			const outcome = await nodeType.webhook?.call(this.recorded(context));
			if (outcome?.noWebhookResponse !== true) {
				// Stored first: what was learned counts for whatever follows the answer.
				if (!isTest) this.workflow.save(workflow);
				response.status(200).json(outcome?.webhookResponse ?? { message: 'Workflow was started' });
			}
			for (const items of outcome?.workflowData ?? []) {
				const output = await this.runNode(workflow, mode, items);
				this.executions.push({ mode, items: output.map(({ json }) => json) });
			}
		} catch (error) {
			this.thrown.push(error);
			response.status(500).json({ message: 'Error in workflow' });
		} finally {
			if (!isTest) this.workflow.save(workflow);
		}
	}

	/** The node's own step in a run that it has started (n8n-core, `WorkflowExecute.runNode`). */
	private async runNode(
		workflow: Workflow,
		mode: WorkflowExecuteMode,
		items: INodeExecutionData[],
	): Promise<INodeExecutionData[]> {
		const { execute } = this.workflow.nodeType;
		if (!execute) return items;
		const node = this.nodeOf(workflow);
		const input = { main: [items] };
		const executeData = { node, data: input, source: null };
		const run = createEmptyRunExecutionData();
		const context = new ExecuteContext(workflow, node, this.dataWith(), mode, run, 0, items, input, executeData, []);
		const output = await execute.call(this.recorded(context));
		return Array.isArray(output) ? (output[0] ?? []) : [];
	}

	private async runHook(
		workflow: Workflow,
		method: 'checkExists' | 'create' | 'delete',
		mode: WorkflowExecuteMode,
		activation: WorkflowActivateMode,
		isTest = mode === 'manual',
	): Promise<boolean> {
		// Nobody has called the portal for a while.
		processState.rateLimiters.clear();
		const hook = this.workflow.nodeType.webhookMethods?.default?.[method];
		if (!hook) throw new Error(`The node has no webhook method ${method}`);
		return await hook.call(this.recorded(this.hookContext(workflow, mode, activation, isTest)));
	}

	private hookContext(
		workflow: Workflow,
		mode: WorkflowExecuteMode,
		activation: WorkflowActivateMode,
		isTest: boolean,
	): HookContext {
		const data = this.dataWith();
		const webhook = this.webhookData(workflow, data, isTest);
		return new HookContext(workflow, this.nodeOf(workflow), data, mode, activation, webhook);
	}

	private webhookData(workflow: Workflow, data: IWorkflowExecuteAdditionalData, isTest: boolean): IWebhookData {
		const [webhookDescription] = this.workflow.nodeType.description.webhooks ?? [];
		if (!webhookDescription) throw new Error('The node has no webhook');
		const { name, webhookId = '' } = this.workflow.node;
		return {
			httpMethod: 'POST',
			node: name,
			path: `${webhookId}/${webhookDescription.path}`,
			webhookDescription,
			workflowId: workflow.id,
			workflowExecuteAdditionalData: data,
			webhookId,
			isTest,
		};
	}

	private nodeOf(workflow: Workflow) {
		const node = workflow.getNode(this.workflow.node.name);
		if (!node) throw new Error('The workflow has lost its node');
		return node;
	}

	private dataWith(more: Partial<IWorkflowExecuteAdditionalData> = {}): IWorkflowExecuteAdditionalData {
		return additionalData(this.baseUrl, this.credentials, more);
	}

	/** Keeps what is logged through n8n's logger, which all contexts share, and which requests are under way. */
	private recorded<C extends HookContext | WebhookContext | LoadOptionsContext | TriggerContext | ExecuteContext>(
		context: C,
	): C {
		for (const name of ['httpRequest', 'httpRequestWithAuthentication'] as const) {
			const { [name]: send } = context.helpers;
			Object.assign(context.helpers, {
				[name]: (...request: unknown[]): Promise<unknown> => {
					const sending: Promise<unknown> = Reflect.apply(send, context, request);
					this.requests.add(sending);
					return sending.finally(() => this.requests.delete(sending));
				},
			});
		}
		const { logger } = context;
		for (const level of ['error', 'warn', 'info', 'debug'] as const) {
			logger[level] = (message, metadata) => {
				this.log.push(`${level}: ${message}${metadata ? ` ${JSON.stringify(metadata)}` : ''}`);
			};
		}
		return context;
	}
}
