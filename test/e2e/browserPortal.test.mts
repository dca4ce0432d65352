import type { Browser, Page } from 'playwright-core';

import { type Simulator, startSimulator } from '../../simulator/index.mjs';
import { openBrowser, openPage } from './support/browser.mjs';
import { screenshot } from './support/screenshot.mjs';

jest.setTimeout(60_000);

const NARROW = { width: 360, height: 740 };

let browser: Browser;
let portal: Simulator;
beforeAll(async () => {
	browser = await openBrowser();
});
afterAll(async () => await browser?.close());
beforeEach(async () => {
	portal = await startSimulator({ domain: 'some-domain.bitrix24.com' });
});
afterEach(async () => {
	await Promise.all(browser.contexts().map(async (context) => await context.close()));
	await portal.stop();
});

async function open(options?: Parameters<typeof openPage>[1]): Promise<Page> {
	const page = await openPage(browser, options);
	await page.goto(portal.portalUrl);
	return page;
}

/** An outgoing webhook that the portal answers itself: with 404, since there is no such method. */
function listen(): void {
	portal.outgoingWebhooks.add({ url: `${portal.portalUrl}/rest/nothing`, events: ['ONCRMLEADDELETE'] });
}

test('the page follows what happens on the portal, without being loaded anew', async () => {
	const page = await open();
	await page.evaluate('window.stillTheSamePage = true');
	listen();
	await page.getByText('/rest/nothing', { exact: false }).first().waitFor();
	portal.leads.add({ TITLE: 'Added by somebody else' });
	await page.getByText('Added by somebody else').waitFor();
	portal.leads.delete(1);
	await page.locator('#latest').getByText('ONCRMLEADDELETE was refused').waitFor();
	await page.locator('#deliveries').getByText('ERROR_METHOD_NOT_FOUND').first().waitFor();
	expect(await page.evaluate('window.stillTheSamePage')).toBe(true);
});

test('what was ticked and typed stays when the page renews itself', async () => {
	const page = await open();
	await page.locator('#select-2').check();
	await page.getByLabel('Title').fill('Half a ti');
	portal.leads.add({ TITLE: 'Added by somebody else' });
	await page.getByText('Added by somebody else').waitFor();
	expect(await page.locator('#select-2').isChecked()).toBe(true);
	expect(await page.getByLabel('Title').inputValue()).toBe('Half a ti');
	await page.getByRole('button', { name: 'Delete selected as a robot' }).click();
	await page.locator('#select-2').waitFor({ state: 'detached' });
	expect(portal.leads.list().map(({ ID }) => ID)).toEqual(['1', '3', '4']);
});

test('a lead is added and deleted with the keyboard alone, and the focus is not lost', async () => {
	const page = await open();
	await page.getByLabel('Title').focus();
	await page.keyboard.type('Acme Ltd');
	await page.keyboard.press('Tab');
	await page.keyboard.type('Acme & Sons');
	await page.keyboard.press('Enter');
	await page.locator('#delete-4').waitFor();
	expect(portal.leads.list().at(-1)).toMatchObject({ TITLE: 'Acme Ltd', COMPANY_TITLE: 'Acme & Sons' });
	await page.locator('#delete-2').focus();
	await page.keyboard.press('Enter');
	await page.locator('#delete-2').waitFor({ state: 'detached' });
	expect(await page.evaluate('document.activeElement.id')).toBe('delete-3');
});

test('it says so when the portal has been stopped', async () => {
	const page = await open();
	await portal.stop();
	await page.getByRole('alert').getByText('does not answer').waitFor();
});

test.each(['light', 'dark'] as const)(
	'nothing hangs over the edge of a window of 360 pixels (%s)',
	async (colorScheme) => {
		listen();
		portal.leads.delete(1);
		await portal.idle();
		const page = await open({ viewport: NARROW, colorScheme });
		await page.locator('#deliveries').getByText('Refused').waitFor();
		expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(NARROW.width);
		// Every line of a row is named where the headings are gone.
		const label = "getComputedStyle(document.querySelector('#deliveries td'), '::before').content";
		expect(await page.evaluate(label)).toContain('Sent at');
		await screenshot(page, `portal-narrow-${colorScheme}`);
	},
);

test('dark is dark, and light is light', async () => {
	const background = 'getComputedStyle(document.body).backgroundColor';
	expect(await (await open({ colorScheme: 'light' })).evaluate(background)).toBe('rgb(255, 255, 255)');
	expect(await (await open({ colorScheme: 'dark' })).evaluate(background)).toBe('rgb(20, 25, 31)');
});
