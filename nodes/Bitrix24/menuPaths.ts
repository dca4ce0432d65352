/** Where things are in Bitrix24, by the words of its English menus. */
export const menuPaths = {
	apps: 'Developer resources > Integrations',
	outgoingWebhook: 'Developer resources > Common use cases > Other > Outbound webhook',
} as const;
