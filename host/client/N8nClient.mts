import { activate, deactivate, type ActivationOutcome } from './activate.mjs';
import { connectOAuth2 } from './connectOAuth2.mjs';
import * as credentials from './credentials.mjs';
import * as executions from './executions.mjs';
import { listenForTestEvent, stopListening, type TestListening } from './listenForTestEvent.mjs';
import { loadOptions, type LoadedOption, type LoadOptionsRequest } from './loadOptions.mjs';
import { N8nSession } from './N8nSession.mjs';
import { nodeTypes, type NodeType } from './nodeTypes.mjs';
import * as workflows from './workflows.mjs';

/** Who owns the n8n. */
export interface Owner {
	email: string;
	/** At least eight characters with a digit and a capital letter, else n8n refuses it. */
	password: string;
	firstName: string;
	lastName: string;
}

/** An owner for an n8n that only this machine can reach. */
export const DEFAULT_OWNER: Owner = {
	email: 'owner@example.com',
	password: 'Bitrix24-demo',
	firstName: 'Olivia',
	lastName: 'Owner',
};

/** A person at n8n's editor, over HTTP. Each method is described at the function of the same name. */
export class N8nClient {
	readonly session: N8nSession;

	/** @param url n8n's address, e.g. `http://127.0.0.1:5678` */
	constructor(url: string) {
		this.session = new N8nSession(url.replace(/\/+$/, ''));
	}

	/** Makes the first user of a fresh n8n and logs in as that user. */
	async setUpOwner(owner: Owner = DEFAULT_OWNER): Promise<void> {
		await this.session.send('POST', '/rest/owner/setup', owner);
	}

	/** Logs in. n8n allows only a few attempts a minute: keep the client instead. */
	async login({ email, password }: Pick<Owner, 'email' | 'password'> = DEFAULT_OWNER): Promise<void> {
		await this.session.send('POST', '/rest/login', { emailOrLdapLoginId: email, password });
	}

	async nodeTypes(): Promise<NodeType[]> {
		return await nodeTypes(this.session);
	}

	async createCredential(form: credentials.CredentialForm): Promise<string> {
		return await credentials.createCredential(this.session, form);
	}

	async getCredential(id: string): ReturnType<typeof credentials.getCredential> {
		return await credentials.getCredential(this.session, id);
	}

	async updateCredential(id: string, changes: Parameters<typeof credentials.updateCredential>[2]): Promise<void> {
		await credentials.updateCredential(this.session, id, changes);
	}

	async deleteCredential(id: string): Promise<void> {
		await credentials.deleteCredential(this.session, id);
	}

	async credentialTest(id: string): Promise<credentials.CredentialTest> {
		return await credentials.credentialTest(this.session, id);
	}

	async connectOAuth2(credentialId: string): Promise<void> {
		await connectOAuth2(this.session, credentialId);
	}

	async createWorkflow(draft: workflows.WorkflowDraft): Promise<workflows.StoredWorkflow> {
		return await workflows.createWorkflow(this.session, draft);
	}

	async getWorkflow(id: string): Promise<workflows.StoredWorkflow> {
		return await workflows.getWorkflow(this.session, id);
	}

	async updateWorkflow(id: string, changes: Partial<workflows.WorkflowDraft>): Promise<workflows.StoredWorkflow> {
		return await workflows.updateWorkflow(this.session, id, changes);
	}

	async activate(workflowId: string): Promise<ActivationOutcome> {
		return await activate(this.session, workflowId);
	}

	async deactivate(workflowId: string): Promise<void> {
		await deactivate(this.session, workflowId);
	}

	async executions(workflowId: string, filter?: { status?: string }): Promise<executions.ExecutionSummary[]> {
		return await executions.executions(this.session, workflowId, filter);
	}

	async countExecutions(workflowId: string, status: readonly string[]): Promise<number> {
		return await executions.countExecutions(this.session, workflowId, status);
	}

	async execution(id: string): Promise<executions.Execution> {
		return await executions.execution(this.session, id);
	}

	async retryExecution(id: string): ReturnType<typeof executions.retryExecution> {
		return await executions.retryExecution(this.session, id);
	}

	async waitForExecutions(workflowId: string, count: number, timeoutMs: number): Promise<executions.Execution[]> {
		return await executions.waitForExecutions(this.session, workflowId, count, timeoutMs);
	}

	async listenForTestEvent(workflowId: string, triggerNodeName: string): Promise<TestListening> {
		return await listenForTestEvent(this.session, workflowId, triggerNodeName);
	}

	async stopListening(workflowId: string): Promise<void> {
		await stopListening(this.session, workflowId);
	}

	async loadOptions(request: LoadOptionsRequest): Promise<LoadedOption[]> {
		return await loadOptions(this.session, request);
	}
}
