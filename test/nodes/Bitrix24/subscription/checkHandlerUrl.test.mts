import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { checkHandlerUrl } from '../../../../nodes/Bitrix24/subscription/preconditions.js';

const cloud = 'https://your-company.bitrix24.com';
const selfHosted = 'https://portal.your-company.com';
const url = (host: string) => `https://${host}/webhook/0d2f/webhook`;

describe('checkHandlerUrl', () => {
	it.each([
		'https://n8n.example.com/webhook/1',
		'http://n8n.example.com:5678/webhook/1',
		'https://203.0.113.7/webhook/1',
	])('has nothing against %s', (address) => {
		expect(() => checkHandlerUrl(address, cloud)).not.toThrow();
	});

	it.each(['10.0.0.7', 'n8n.local', 'n8n.lan:5678', '192.168.1.7'])(
		'lets a self-hosted portal call %s, which a portal in the cloud can not reach',
		(host) => {
			expect(() => checkHandlerUrl(url(host), selfHosted)).not.toThrow();
			for (const portal of [cloud, 'https://your-company.bitrix24.ru', 'https://a.bitrix24.com.br:443']) {
				expect(() => checkHandlerUrl(url(host), portal)).toThrow(ActionableError);
			}
		},
	);

	it('does not take a portal for one in the cloud whose name only looks like it', () => {
		expect(() => checkHandlerUrl(url('10.0.0.7'), 'https://bitrix24.your-company.com')).not.toThrow();
		expect(() => checkHandlerUrl(url('10.0.0.7'), 'https://a.bitrix24.7.com')).not.toThrow();
	});

	it.each(['localhost', 'n8n', 'n8n:5678', '[::1]'])('refuses %s: Bitrix24 takes no host without a dot', (host) => {
		for (const portal of [cloud, selfHosted]) {
			expect(() => checkHandlerUrl(url(host), portal)).toThrow(/is not a public address\. Set .*WEBHOOK_URL/);
		}
	});

	it('names the address and how to give n8n another one', () => {
		expect(() => checkHandlerUrl('http://localhost:5678/webhook/1', cloud)).toThrow(
			/^Bitrix24 can not reach this n8n at http:\/\/localhost:5678\/webhook\/1: "localhost" is not a public address\. .*WEBHOOK_URL.*restart n8n and activate the workflow again\. .*Bitrix24 Queue Trigger instead\.$/,
		);
	});

	it('refuses what is no address', () => {
		expect(() => checkHandlerUrl('undefined/webhook', cloud)).toThrow(
			/^The webhook URL of this n8n is not an address: undefined\/webhook\. .*WEBHOOK_URL/,
		);
	});

	it.each(['ftp://n8n.example.com/webhook', 'ws://n8n.example.com/webhook'])('refuses the scheme of %s', (address) => {
		expect(() => checkHandlerUrl(address, cloud)).toThrow(
			`Bitrix24 calls http and https addresses only, and the webhook URL of this n8n is ${address}.`,
		);
	});
});
