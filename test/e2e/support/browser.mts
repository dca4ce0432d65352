import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Browser, chromium, type Locator, type Page, selectors } from 'playwright-core';

import { DEFAULT_OWNER } from '../../../host/index.mjs';

/** Where Debian's package puts it. */
const DEBIAN = '/usr/bin/chromium';
const PATIENCE_MS = 30_000;

/** Window in which the editor has room. */
export const WINDOW = { width: 1280, height: 800 };

/**
 * Starts a Chromium without a window: the one named in `CHROMIUM`, else Debian's.
 *
 * @throws when there is none, saying how to get it
 */
export async function openBrowser(): Promise<Browser> {
	const executablePath = process.env.CHROMIUM ?? DEBIAN;
	if (!existsSync(executablePath)) {
		throw new Error(
			`The browser tests need Chromium, and there is none at ${executablePath}. On Debian and Ubuntu, ` +
				'"apt-get install -y chromium" brings it; another one is named in the environment variable CHROMIUM.',
		);
	}
	// n8n's own name for it.
	selectors.setTestIdAttribute('data-test-id');
	// Chromium's sandbox does not start for root, as whom containers run; only our own pages are opened.
	return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** Opens a window of its own, with its own cookies. */
export async function openPage(
	browser: Browser,
	options: { viewport?: { width: number; height: number }; colorScheme?: 'light' | 'dark' } = {},
): Promise<Page> {
	const context = await browser.newContext({ viewport: WINDOW, colorScheme: 'light', ...options });
	context.setDefaultTimeout(PATIENCE_MS);
	return await context.newPage();
}

/** Logs in to n8n as its owner. */
export async function logIn(page: Page, url: string): Promise<void> {
	await page.goto(`${url}/signin`);
	await page.locator('input[type=email]').fill(DEFAULT_OWNER.email);
	await page.locator('input[type=password]').fill(DEFAULT_OWNER.password);
	await page.getByTestId('form-submit-button').click();
	await page.waitForURL((address) => !address.pathname.startsWith('/signin'));
}

/** Pictures for the documentation are renewed when the tests run with UPDATE_SCREENSHOTS=1; else they go to waste. */
const folder =
	process.env.UPDATE_SCREENSHOTS === '1'
		? join(__dirname, '../../../docs/images')
		: join(tmpdir(), 'n8n-nodes-bitrix24-triggers-screenshots');

/** n8n's passing remarks. */
const REMARKS =
	'.el-notification, .el-popper, [data-reka-popper-content-wrapper], [role=tooltip] { visibility: hidden !important }';

/**
 * Takes a picture of a page, or of a part of it.
 *
 * @param name of the picture, e.g. `trigger-dark`
 */
export async function screenshot(subject: Page | Locator, name: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	await subject.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', style: REMARKS });
}
