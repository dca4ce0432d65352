import { NodeHelpers } from 'n8n-workflow';

import { Bitrix24OAuth2Api } from '../../credentials/Bitrix24OAuth2Api.credentials.js';

const { properties } = new Bitrix24OAuth2Api();

function isShown(portalUrl: string, authorizationServer: string): boolean {
	const notice = properties.find(({ name }) => name === 'cisNotice');
	if (!notice) throw new Error('The credential has lost its notice');
	return NodeHelpers.displayParameter({ portalUrl, authorizationServer }, notice, null, null);
}

describe('the notice about authorization servers', () => {
	it.each(['https://a.bitrix24.ru', 'a.bitrix24.by', ' https://a.bitrix24.kz/crm/ ', 'https://a.bitrix24.uz:443'])(
		'is shown for %p with the worldwide server',
		(portalUrl) => {
			expect(isShown(portalUrl, 'https://oauth.bitrix.info')).toBe(true);
		},
	);

	it.each([
		['the right server is named', 'https://a.bitrix24.ru', 'https://oauth.bitrix24.tech'],
		['no portal is entered yet', '', 'https://oauth.bitrix.info'],
	])('is not shown while %s', (_name, portalUrl, authorizationServer) => {
		expect(isShown(portalUrl, authorizationServer)).toBe(false);
	});
});
