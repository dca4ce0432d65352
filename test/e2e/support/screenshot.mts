import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

/** Pictures for the documentation are renewed when the tests run with UPDATE_SCREENSHOTS=1; else they go to waste. */
const folder =
	process.env.UPDATE_SCREENSHOTS === '1'
		? join(__dirname, '../../../docs/images')
		: join(tmpdir(), 'n8n-nodes-bitrix24-screenshots');

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
