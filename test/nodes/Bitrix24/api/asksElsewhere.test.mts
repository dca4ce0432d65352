import { usesWrongRegion } from '../../../../nodes/Bitrix24/connection/portalUrl.js';

const worldwide = 'https://oauth.bitrix.info';

describe('asksElsewhere', () => {
	it.each(['ru', 'by', 'kz', 'uz'])('finds a portal at bitrix24.%s that asks the worldwide server', (domain) => {
		expect(usesWrongRegion(`https://a.bitrix24.${domain}`, worldwide)).toBe(true);
		expect(usesWrongRegion(`https://a.bitrix24.${domain}:443`, null)).toBe(true);
	});

	it.each([
		['another server is named', 'https://a.bitrix24.ru', 'https://oauth.bitrix24.tech'],
		['the portal is elsewhere', 'https://a.bitrix24.com', worldwide],
		['the portal is self-hosted', 'https://bitrix.example.ru', worldwide],
		['the domain only begins alike', 'https://a.bitrix24.ru.example.com', worldwide],
	])('finds nothing where %s', (_name, portal, server) => {
		expect(usesWrongRegion(portal, server)).toBe(false);
	});
});
