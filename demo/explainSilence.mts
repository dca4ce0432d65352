import type { Delivery, HandlerRow } from '../simulator/index.mjs';

/** What is known when a deleted lead started no workflow. */
export interface Silence {
	leadId: string;
	seconds: number;
	/** What the portal has sent since the lead was deleted. */
	deliveries: ReadonlyArray<Pick<Delivery, 'event' | 'handler' | 'status' | 'answer' | 'error'>>;
	handlers: ReadonlyArray<Pick<HandlerRow, 'event'>>;
	/** Whether the portal was told to lose its deliveries. */
	deliveryIsOff: boolean;
}

const DELETED = ['ONCRMLEADDELETE', 'ONLEADDELETE'];

function reason({ deliveries, handlers, deliveryIsOff }: Silence): string {
	if (deliveryIsOff) return "no delivery reached n8n (the portal's delivery is off)";
	const sent = deliveries.filter(({ event }) => DELETED.includes(event)).at(-1);
	if (sent !== undefined) {
		if (sent.status === null) return `the portal could not reach n8n at ${sent.handler} (${sent.error ?? 'no answer'})`;
		const answer = sent.answer === '' ? '' : `: ${sent.answer}`;
		if (sent.status !== 200) return `n8n answered the delivery with ${sent.status}${answer}`;
		return 'n8n answered the delivery with 200, but started no workflow';
	}
	if (!handlers.some(({ event }) => DELETED.includes(event))) {
		return 'no delivery reached n8n (no handler for deleted leads is bound on the portal)';
	}
	return 'no delivery reached n8n (the portal has sent none)';
}

/** Says in plain words why a deleted lead started no workflow. */
export function explainSilence(silence: Silence): string {
	return (
		`The portal deleted lead ${silence.leadId}, but no execution arrived within ${silence.seconds} seconds: ` +
		reason(silence)
	);
}
