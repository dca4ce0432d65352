import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IExecuteData,
	IHttpRequestOptions,
	INodeCredentialsDetails,
	INodeProperties,
	IRequestOptionsSimplified,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { ICredentialsHelper, NodeHelpers } from 'n8n-workflow';

import { credentialTypes } from './credentialTypes.mjs';
import { resolveCredential } from './resolveCredential.mjs';
import { StoredCredential } from './StoredCredential.mjs';

/** n8n's credentials helper, with a map in place of its database. */
export class MemoryCredentials extends ICredentialsHelper {
	private readonly stored = new Map<string, StoredCredential>();

	/** Saves a credential and returns what a node names it by. */
	async save(type: string, data: ICredentialDataDecryptedObject): Promise<INodeCredentialsDetails> {
		const details = { id: `credential-${type}`, name: `My ${type}` };
		await this.updateCredentials(details, type, data);
		return details;
	}

	/** What is stored: expressions are not evaluated. */
	async read(type: string): Promise<ICredentialDataDecryptedObject> {
		return await (await this.getCredentials({ id: `credential-${type}`, name: '' })).getData();
	}

	/** Changes single fields, as a person does who opens the credential. */
	async change(type: string, changes: ICredentialDataDecryptedObject): Promise<void> {
		await this.save(type, { ...(await this.read(type)), ...changes });
	}

	override getParentTypes(name: string): string[] {
		const parents = credentialTypes.get(name)?.extends ?? [];
		return [...parents, ...parents.flatMap((parent) => this.getParentTypes(parent))];
	}

	override isCredentialUsableByNode(): boolean {
		return true;
	}

	override async authenticate(
		_credentials: ICredentialDataDecryptedObject,
		_type: string,
		options: IHttpRequestOptions | IRequestOptionsSimplified,
	): Promise<IHttpRequestOptions> {
		return { ...options, url: 'url' in options ? options.url : '' };
	}

	override async preAuthentication(): Promise<undefined> {}

	override async runPreAuthentication(): Promise<undefined> {}

	override async getCredentials({ id }: INodeCredentialsDetails): Promise<StoredCredential> {
		const found = this.stored.get(id ?? '');
		if (!found) throw new Error(`Credential with ID "${id}" does not exist.`);
		return found;
	}

	override async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		details: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		_executeData?: IExecuteData,
		raw?: boolean,
	): Promise<ICredentialDataDecryptedObject> {
		const data = await (await this.getCredentials(details)).getData();
		return raw === true ? data : resolveCredential(data, this.getCredentialsProperties(type), additionalData, mode);
	}

	override async updateCredentials(
		{ id, name }: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		const credentials = new StoredCredential({ id, name }, type);
		await credentials.setData(data);
		this.stored.set(id ?? '', credentials);
	}

	override async updateCredentialsOauthTokenData(
		details: INodeCredentialsDetails,
		_type: string,
		{ oauthTokenData }: ICredentialDataDecryptedObject,
	): Promise<void> {
		await (await this.getCredentials(details)).updateData({ oauthTokenData });
	}

	override getCredentialsProperties(type: string): INodeProperties[] {
		const known: ICredentialType | undefined = credentialTypes.get(type);
		if (!known) throw new Error(`Unknown credential type "${type}"`);
		const combined = (known.extends ?? []).flatMap((parent) => structuredClone(this.getCredentialsProperties(parent)));
		NodeHelpers.mergeNodeProperties(combined, known.properties);
		return combined;
	}
}
