import type { ICredentialDataDecryptedObject, ICredentialsEncrypted } from 'n8n-workflow';
import { ICredentials } from 'n8n-workflow';

/**
 * One credential in n8n's database. It lies there as text, so that nobody shares an object with anybody; n8n's own class
 * encrypts that text as well, with keys that it reads from its database.
 */
export class StoredCredential extends ICredentials {
	override async getData(): Promise<ICredentialDataDecryptedObject> {
		if (this.data === undefined) throw new Error(`Credential "${this.name}" holds nothing`);
		return JSON.parse(this.data);
	}

	override async setData(data: ICredentialDataDecryptedObject): Promise<void> {
		this.data = JSON.stringify(data);
	}

	override async updateData(toUpdate: Partial<ICredentialDataDecryptedObject>, toDelete: string[] = []): Promise<void> {
		const data = Object.entries({ ...(await this.getData()), ...toUpdate });
		const kept = data.flatMap(([key, value]) =>
			value === undefined || toDelete.includes(key) ? [] : [[key, value] as const],
		);
		await this.setData(Object.fromEntries(kept));
	}

	override getDataToSave(): ICredentialsEncrypted {
		return { id: this.id, name: this.name, type: this.type, data: this.data };
	}
}
