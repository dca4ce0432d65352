/** What the portal's commercial plan allows. */
export interface Plan {
	/** Whether the plan has REST at all. */
	rest: boolean;
	/** `rest_offline_extended`: reservation of offline events (`clear=0`). */
	offlineExtended: boolean;
	/** `rest_auth_connector`: separate offline queues. */
	authConnector: boolean;
}
