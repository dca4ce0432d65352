import type { OpenN8n } from '../integration/support/openN8n.mjs';
import { asOnThePage, readDiagnoses } from './troubleshootingPage.mjs';

const diagnoses = readDiagnoses();

/** The portal on the page. */
export const company = 'https://your-company.bitrix24.com';

/** What n8n's log says above the level at which nobody reads. */
export function logged({ n8n }: Pick<OpenN8n, 'n8n'>): string[] {
	return n8n.log.filter((line) => /^(?:warn|error): /.test(line));
}

/**
 * Expects a diagnosis to quote exactly what was said, in this order.
 *
 * @param addresses those of the test, and what the page shows in their place
 */
export function expectQuotes(number: number, said: readonly string[], addresses: Record<string, string>): void {
	expect(said.map((text) => asOnThePage(text, addresses))).toEqual(diagnoses.get(number)?.quotes);
}
