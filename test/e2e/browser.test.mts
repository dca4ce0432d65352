import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';

import { ExecutionFinder } from '../../demo/ExecutionFinder.mjs';
import { EXAMPLES } from '../../demo/readExample.mjs';
import { type Simulator, startSimulator } from '../../simulator/index.mjs';
import { logIn, openBrowser, openPage, screenshot, WINDOW } from './support/browser.mjs';
import { Editor } from './support/Editor.mjs';
import { EXAMPLES_FOLDER, exampleText } from './support/exampleWorld.mjs';
import { until } from './support/until.mjs';
import { credentialFor, openWorld, type World } from './support/world.mjs';

jest.setTimeout(180_000);

/** A window in which the whole form of the credential is seen. */
const HIGH_WINDOW = { width: WINDOW.width, height: 1300 };
/** One in which the list of nodes has no room to spare. */
const LOW_WINDOW = { width: WINDOW.width, height: 400 };

let browser: Browser;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(async () => await browser?.close());

describe("n8n's editor", () => {
	// One person's way from an empty editor to the execution: each test begins where the one before ended.
	let world: World;
	let editor: Editor;
	let portalPage: Page;
	const closing = new AbortController();

	beforeAll(async () => {
		world = await openWorld({ portal: { deliveryDelay: 500, domain: 'some-domain.bitrix24.com' } });
		const { client, credentials, n8n, portal } = world;
		// This person does it all by hand.
		await client.session.send('DELETE', `/rest/credentials/${credentials.bitrix24OAuth2Api.id}`);
		portal.consentPage = true;
		const finder = new ExecutionFinder(client);
		portal.executionOf = (delivery) => finder.executionOf(delivery);
		void finder.follow(portal.deliveries, closing);

		const page = await openPage(browser);
		await logIn(page, n8n.url);
		editor = new Editor(page, n8n.url);
		await editor.openNew();
	});
	afterAll(async () => {
		closing.abort();
		await world?.close();
	});

	test('the nodes are found by "bitrix" and by "lead"', async () => {
		await editor.at('canvas-plus-button').click();
		await editor.search('lead');
		expect((await editor.search('bitrix')).slice(0, 2)).toEqual(['Bitrix24', 'Bitrix24 Queue']);
	});

	test.each([
		['dark', 'bitrix24.dark.svg'],
		['light', 'bitrix24.svg'],
	] as const)('both have their icon in the %s theme', async (colorScheme, file) => {
		await editor.page.setViewportSize(LOW_WINDOW);
		await editor.page.emulateMedia({ colorScheme });
		const url = `${world.n8n.url}/icons/n8n-nodes-bitrix24-triggers/dist/icons/${file}`;
		await until('the icons are those of the theme', async () => {
			const icons = await editor.icons();
			return icons.length === 2 && icons.every(({ src, width }) => src === url && width > 0);
		});
		await screenshot(editor.at('node-creator'), `nodes-${colorScheme}`);
		await editor.page.setViewportSize(WINDOW);
	});

	test('the trigger is added by what it is to start on', async () => {
		await editor.at('node-creator-item-name').getByText('Bitrix24', { exact: true }).click();
		await editor.at('node-creator-item-name').getByText('On lead deleted', { exact: true }).click();
		await editor.at('parameter-input-events').getByText('Lead Deleted').waitFor();
	});

	test('the account is connected in a window of the portal', async () => {
		await editor.page.getByText('Connect to Bitrix24').click();
		await editor.fillIn(credentialFor(world.portal));
		await editor.page.setViewportSize(HIGH_WINDOW);
		await editor.at('copy-input').evaluate((input) => input.scrollIntoView({ block: 'center' }));
		await screenshot(editor.at('editCredential-modal'), 'credential');
		await editor.page.setViewportSize(WINDOW);
		await editor.connect(async (popup) => {
			await popup.getByText('on behalf of Alice Archer').waitFor();
			await popup.getByRole('link', { name: 'Allow' }).click();
		});
		await editor.at('editCredential-modal').waitFor({ state: 'detached' });
		await editor.at('node-credentials-select').waitFor();
	});

	test('events are picked from the list, and from what the portal itself knows', async () => {
		await editor.pick('events', 'Lead Added');
		await editor.refresh('otherEvents');
		await editor.pick('otherEvents', 'ONCRMDYNAMICITEMADD_1220');
		await editor.at('parameter-input-otherEvents').getByText('ONCRMDYNAMICITEMADD_1220').waitFor();
	});

	test('a test event arrives at once', async () => {
		await editor.at('node-execute-button').click();
		const output = editor.at('output-panel');
		await output.getByText('ONCRMLEADDELETE').first().waitFor();
		await output.getByText('1000983').first().waitFor();
		for (const colorScheme of ['dark', 'light'] as const) {
			await editor.page.emulateMedia({ colorScheme });
			await screenshot(editor.page, `trigger-${colorScheme}`);
		}
		await editor.at('ndv-close-button').click();
	});

	test('once it is active, the portal’s page shows who listens', async () => {
		await editor.publish();
		portalPage = await editor.page.context().newPage();
		await portalPage.setViewportSize({ width: 1280, height: 720 });
		await portalPage.goto(world.portal.portalUrl);
		const handlers = portalPage.locator('#handlers');
		const events = handlers.locator('td[data-label=Event]');
		await until('exactly the chosen events are bound', async () => {
			const bound = (await events.allTextContents()).sort().join();
			return bound === 'ONCRMDYNAMICITEMADD_1220,ONCRMLEADADD,ONCRMLEADDELETE';
		});
		await handlers.getByText(world.n8n.webhookUrl).first().waitFor();
	});

	test('a lead that is deleted on the portal’s page starts the workflow, and the page leads to the execution', async () => {
		await portalPage.locator('#delete-2').click();
		const log = portalPage.locator('#deliveries');
		await log.getByText('✓ Started').first().waitFor();
		const link = log.getByRole('link', { name: /^Execution \d+: success$/ });
		await link.waitFor();
		for (const colorScheme of ['dark', 'light'] as const) {
			await portalPage.emulateMedia({ colorScheme });
			await screenshot(portalPage, `portal-${colorScheme}`);
		}
		// A workflow is edited in one window at a time.
		await editor.page.goto('about:blank');
		const opened = editor.page.context().waitForEvent('page');
		await link.click();
		const execution = await opened;
		await execution.getByTestId('execution-preview-label').getByText('Succeeded').waitFor();
		await screenshot(execution, 'execution');
		await execution.getByTestId('canvas-trigger-node').dblclick();
		const output = execution.getByTestId('output-panel');
		await output.getByText('ONCRMLEADDELETE').first().waitFor();
		await output.getByText('some-domain.bitrix24.com').first().waitFor();
		await screenshot(execution, 'execution-item');
	});

	test('the record is chosen under the options, shown with the sample, and a field of it dragged into the next node', async () => {
		const { client, portal, n8n } = world;
		const listed = z.array(z.object({ id: z.string(), name: z.string(), type: z.string() }));
		const [account] = (await client.session.get('/rest/credentials', listed)).filter(
			({ type }) => type === 'bitrix24OAuth2Api',
		);
		if (account === undefined) throw new Error('No account is connected');
		portal.leads.add({ TITLE: 'Twelve chairs' });
		const { id } = await client.createWorkflow({
			name: 'With record',
			nodes: [
				{
					name: 'Bitrix24 Trigger',
					type: 'n8n-nodes-bitrix24-triggers.bitrix24Trigger',
					parameters: { events: ['ONCRMLEADADD'] },
					credentials: { bitrix24OAuth2Api: { id: account.id, name: account.name } },
				},
				{
					name: 'Edit Fields',
					type: 'n8n-nodes-base.set',
					typeVersion: 3.4,
					parameters: {
						assignments: { assignments: [{ id: '1', name: 'title', type: 'string', value: '' }] },
						options: {},
					},
				},
			],
		});
		await editor.page.goto(`${n8n.url}/workflow/${id}`);
		await editor.at('canvas-trigger-node').dblclick();
		await editor.switchOn('Include Record', 'includeRecord');
		await editor.at('node-execute-button').click();
		await editor.at('output-panel').getByText('Twelve chairs').first().waitFor();
		await screenshot(editor.page, 'record');
		await editor.at('ndv-close-button').click();
		await editor.at('canvas-node').and(editor.page.locator('[data-node-name="Edit Fields"]')).dblclick();
		const field = editor.page.locator('[data-target=mappable][data-name="title"]').first();
		await field.waitFor();
		await editor.drag(field, editor.at('assignment-value').first());
		await editor.at('assignment-value').getByText('record.title').first().waitFor();
		await screenshot(editor.page, 'record-mapped');
	});

	test.each(EXAMPLES)('the example %s can be imported from its file', async (name) => {
		await editor.openNew();
		await editor.at('workflow-import-input').setInputFiles(join(EXAMPLES_FOLDER, `${name}.json`));
		const names: string[] = JSON.parse(await exampleText(name)).nodes.map((node: { name: string }) => node.name);
		const nodes = editor.at('canvas-node');
		await until('its nodes and its note are on the canvas', async () => {
			const shown = await nodes.evaluateAll((all) => all.map((node) => node.getAttribute('data-node-name')));
			return [...shown, 'Read Me'].sort().join() === [...names].sort().join();
		});
		await editor.at('sticky').waitFor();
		expect(await editor.page.getByText('Install this node').count()).toBe(0);
		await editor.at('zoom-to-fit').click();
		await screenshot(editor.page, `example-${name}`);
	});
});

describe("the portal's page", () => {
	const NARROW = { width: 360, height: 740 };
	const BACKGROUNDS = { light: 'rgb(255, 255, 255)', dark: 'rgb(20, 25, 31)' };

	let portal: Simulator;
	beforeEach(async () => {
		portal = await startSimulator({ domain: 'some-domain.bitrix24.com' });
		// An outgoing webhook that the portal answers itself: with 404, since there is no such method.
		portal.outgoingWebhooks.add({ url: `${portal.portalUrl}/rest/nothing`, events: ['ONCRMLEADDELETE'] });
	});
	afterEach(async () => await portal.stop());

	async function open(options?: Parameters<typeof openPage>[1]): Promise<Page> {
		const page = await openPage(browser, options);
		await page.goto(portal.portalUrl);
		return page;
	}

	test('follows what happens, keeps what was ticked and typed meanwhile, and says so when the portal has stopped', async () => {
		const page = await open();
		await page.evaluate('window.stillTheSamePage = true');
		await page.locator('#select-2').check();
		await page.getByLabel('Title', { exact: true }).fill('Half a ti');
		portal.leads.add({ TITLE: 'Added by somebody else' });
		await page.getByText('Added by somebody else').waitFor();
		portal.leads.delete(1);
		await page.locator('#latest').getByText('ONCRMLEADDELETE was refused').waitFor();
		await page.locator('#deliveries').getByText('ERROR_METHOD_NOT_FOUND').first().waitFor();
		expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
		expect(await page.locator('#select-2').isChecked()).toBe(true);
		expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('Half a ti');
		await page.getByRole('button', { name: 'Delete selected as a robot' }).click();
		await page.locator('#select-2').waitFor({ state: 'detached' });
		expect(portal.leads.list().map(({ ID }) => ID)).toEqual(['3', '4']);
		await portal.stop();
		await page.getByRole('alert').getByText('does not answer').waitFor();
	});

	test('adds and deletes a lead with the keyboard alone, and does not lose the focus', async () => {
		const page = await open();
		await page.getByLabel('Title', { exact: true }).focus();
		for (const text of ['Acme Ltd', 'Acme & Sons']) {
			await page.keyboard.type(text);
			await page.keyboard.press(text === 'Acme Ltd' ? 'Tab' : 'Enter');
		}
		await page.locator('#delete-4').waitFor();
		expect(portal.leads.list().at(-1)).toMatchObject({ TITLE: 'Acme Ltd', COMPANY_TITLE: 'Acme & Sons' });
		await page.locator('#delete-2').focus();
		await page.keyboard.press('Enter');
		await page.locator('#delete-2').waitFor({ state: 'detached' });
		expect(await page.evaluate('document.activeElement.id')).toBe('delete-3');
	});

	test.each(['light', 'dark'] as const)('fits into a window of 360 pixels, and is %s', async (colorScheme) => {
		portal.leads.delete(1);
		await portal.idle();
		const page = await open({ viewport: NARROW, colorScheme });
		await page.locator('#deliveries').getByText('Refused').waitFor();
		expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(NARROW.width);
		expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(BACKGROUNDS[colorScheme]);
		// Every line of a row is named where the headings are gone.
		const label = "getComputedStyle(document.querySelector('#deliveries td'), '::before').content";
		expect(await page.evaluate(label)).toContain('Sent at');
		await screenshot(page, `portal-narrow-${colorScheme}`);
	});
});
