import type { Locator, Page } from 'playwright-core';

import { until } from './until.mjs';

/** The form of the OAuth2 credential, as a person fills it in. */
export type CredentialForm = Record<string, string>;

/** Our nodes, as n8n lists them. */
const OURS = ['Bitrix24', 'Bitrix24 Queue'];

/** n8n's editor in a browser's window, as a person uses it. */
export class Editor {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	/** What n8n itself names so for its tests. */
	at(id: string): Locator {
		return this.page.getByTestId(id);
	}

	/** Opens an empty workflow. */
	async openNew(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.at('canvas-plus-button').waitFor();
	}

	/**
	 * The nodes that a search finds, in order, once both of ours are among them.
	 *
	 * The words are typed once: n8n searches when nobody has typed for a moment.
	 */
	async search(words: string): Promise<string[]> {
		const bar = this.at('node-creator-search-bar');
		const names = async () => (await this.at('node-creator-item-name').allTextContents()).map((name) => name.trim());
		// An earlier search's list would be taken for this one's.
		await bar.fill('');
		await until('everything is listed again', async () => {
			const all = await names();
			return all.length > 0 && !all.some((name) => OURS.includes(name));
		});
		await bar.fill(words);
		return await until(`both nodes are found by "${words}"`, async () => {
			const found = await names();
			return OURS.every((name) => found.includes(name)) && found;
		});
	}

	/** The pictures before our nodes in the list, as the browser shows them. */
	async icons(): Promise<Array<{ src: string; width: number }>> {
		const pictures = this.at('node-creator-action-item').filter({ hasText: 'Bitrix24' }).locator('img:visible');
		return await pictures.evaluateAll((images) =>
			images.map((image) => ({
				src: String(Reflect.get(image, 'src')),
				width: Number(Reflect.get(image, 'naturalWidth')),
			})),
		);
	}

	/** Fills in fields of a form by their names. */
	async fillIn(form: Record<string, string>): Promise<void> {
		for (const [name, value] of Object.entries(form)) {
			await this.at(`parameter-input-${name}`).locator('input').first().fill(value);
		}
	}

	/** Connects the account in the window that n8n opens for it. @param inWindow what the person does there */
	async connect(inWindow: (page: Page) => Promise<void>): Promise<void> {
		const opened = this.page.context().waitForEvent('page');
		await this.at('quick-connect-button').click();
		const popup = await opened;
		const closed = popup.waitForEvent('close');
		await inWindow(popup);
		await closed;
	}

	/** Loads a list anew that was asked for before the account was connected. */
	async refresh(name: string): Promise<void> {
		const options = this.at(`${name}-parameter-input-options-container`);
		await options.hover();
		await options.getByTestId('action-toggle').click();
		const loaded = this.page.waitForResponse(
			(response) => response.url().endsWith('/dynamic-node-parameters/options') && response.ok(),
		);
		await this.at('action-refreshOptions').locator('visible=true').click();
		await loaded;
		await this.at(`parameter-input-${name}`).getByPlaceholder('Select', { exact: true }).waitFor();
	}

	/** Picks an entry of a list of which several can be chosen. */
	async pick(name: string, entry: string): Promise<void> {
		await this.at(`parameter-input-${name}`).click();
		await this.page.locator('.el-select-dropdown__item:visible').getByText(entry, { exact: true }).click();
		await this.at('node-title-container').click();
	}

	/** Adds an option that is a switch, and turns it on. */
	async switchOn(label: string, name: string): Promise<void> {
		await this.at('collection-parameter-add')
			.or(this.page.getByText('Add option', { exact: true }))
			.first()
			.click();
		await this.page
			.locator('.el-select-dropdown__item:visible, [role=menuitem]:visible')
			.getByText(label, { exact: true })
			.first()
			.click();
		await this.at(`parameter-input-${name}`).locator('.el-switch').click();
	}

	/** Drags something onto something else, as n8n's mapping follows it: step by step. */
	async drag(what: Locator, onto: Locator): Promise<void> {
		await what.scrollIntoViewIfNeeded();
		await what.hover();
		await this.page.mouse.down();
		const box = await onto.boundingBox();
		if (box === null) throw new Error('There is nothing to drop it on');
		await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 20 });
		await this.page.mouse.up();
	}

	/** Publishes the workflow: n8n's word for activating it. */
	async publish(): Promise<void> {
		await this.at('workflow-open-publish-modal-button').click();
		await this.at('workflow-publish-button').click();
		await this.at('activation-modal').getByRole('button', { name: 'Got it' }).click();
		await this.at('workflow-active-version-indicator').waitFor();
	}
}
