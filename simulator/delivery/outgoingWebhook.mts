/** An outgoing webhook: a handler that somebody entered by hand, with a secret of its own and no app behind it. */
export interface OutgoingWebhook {
	/** `event_handler_id` of its deliveries. */
	id: number;
	url: string;
	/** Upper case. */
	events: string[];
	/** The secret that Bitrix24 shows in the webhook's settings. */
	applicationToken: string;
}
