import type { Forgery, Simulator } from '../../../simulator/index.mjs';

/** What a delivery is answered. */
export interface Answer {
	status: number;
	/** Parsed; the text where it is no JSON. */
	body: unknown;
}

/** Posts anything to a URL of n8n's. */
export async function post(portal: Pick<Simulator, 'forge'>, forgery: Forgery): Promise<Answer> {
	const { status, body } = await portal.forge(forgery);
	return { status, body: parse(body) };
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
