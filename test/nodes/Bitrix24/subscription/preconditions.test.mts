import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { create } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import {
	checkHandlerUrl,
	checkPermissions,
	checkReadiness,
	isPrivateHost,
	isUnencrypted,
} from '../../../../nodes/Bitrix24/subscription/preconditions.js';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { portalBehind } from '../../../fakes/portalBehind.mjs';
import { refused, result, simulatedPortal } from '../../../fakes/simulatedPortal.mjs';

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
		'lets a self-hosted portal call %s, which a portal in the cloud cannot reach',
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
			/^Bitrix24 cannot reach this n8n at http:\/\/localhost:5678\/webhook\/1: "localhost" is not a public address\. .*WEBHOOK_URL.*restart n8n and activate the workflow again\. .*Bitrix24 Queue Trigger instead\.$/,
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

describe('isPrivateHost', () => {
	it.each([
		...['localhost', 'n8n', '127.0.0.1', '127.9.9.9', '10.0.0.7', '10.255.255.255', '192.168.0.1', '169.254.1.1'],
		...['0.0.0.0', '172.16.0.1', '172.19.0.1', '172.20.0.1', '172.29.0.1', '172.30.0.1', '172.31.255.255'],
		...['n8n.local', 'n8n.internal', 'n8n.lan', 'n8n.home', 'app.localhost', 'n8n.test', 'a.b.local'],
	])('finds that %s is reached within its own network only', (host) => {
		expect(isPrivateHost(host)).toBe(true);
	});

	it.each([
		...['n8n.example.com', '203.0.113.7', '11.0.0.1', '100.0.0.10', '128.0.0.1', '192.167.0.1', '192.169.0.1'],
		...['172.15.0.1', '172.32.0.1', '172.1.0.1', '1.10.0.1', '1.127.0.1', '10.example.com', '192.168.example.com'],
		...['n8n.local.example.com', 'local.com', 'mylocal.io', 'example.homes', 'xlan.com'],
	])('finds that %s may be reached from elsewhere', (host) => {
		expect(isPrivateHost(host)).toBe(false);
	});
});

describe('isUnencrypted', () => {
	it.each([
		['http://203.0.113.7:5678/webhook/1/webhook', true],
		['http://10.0.0.7:5678/webhook/1', false],
		['http://n8n.lan/webhook/1', false],
	])('says of %s: %p', (url, is) => {
		expect(isUnencrypted(url)).toBe(is);
	});

	it.each([
		['http', 1],
		['https', 0],
	])('is said at activation for %s', async (scheme, times) => {
		const { context, log } = hookContext({ url: `${scheme}://n8n.example.com/webhook/1/webhook` });
		await create(context);
		expect(log.filter((line) => line.includes('tokens that can be read on the way'))).toHaveLength(times);
	});
});

describe('checkReadiness', () => {
	it.each([true, 'Y', '1'])('is content with an installed app and an administrator (%p)', async (ADMIN) => {
		const portal = simulatedPortal();
		portal.answers.set('profile', result({ ADMIN }));
		await expect(checkReadiness(portalBehind(portal))).resolves.toBeUndefined();
		expect(portal.calls.map(({ method }) => method)).toEqual(['app.info', 'profile']);
	});

	it('refuses an app whose installation is not complete: Bitrix24 would bind its handlers and never call them', async () => {
		const portal = simulatedPortal();
		portal.simulator.app.installed = false;
		await expect(checkReadiness(portalBehind(portal))).rejects.toThrow(
			/^The app's installation in Bitrix24 is not complete, so Bitrix24 sends it no events\. In Bitrix24, open Developer resources > Integrations.*BX24\.installFinish.*Then activate the workflow again\.$/,
		);
	});

	it.each([false, 'N'])('refuses a user who is no administrator (%p)', async (ADMIN) => {
		const portal = simulatedPortal();
		portal.answers.set('profile', result({ ADMIN }));
		await expect(checkReadiness(portalBehind(portal))).rejects.toThrow(
			'The credential is connected as a user who is not an administrator of the portal, so Bitrix24 would report only what this user does. Let an administrator of the portal open the credential and choose "Connect my account".',
		);
	});
});

describe('checkPermissions', () => {
	const tasks = { events: ['ONTASKADD', 'ONCRMLEADADD'], includeRecord: true };
	const users = { events: ['ONTASKADD'], includeRecord: false, includeUser: true };

	it.each([
		['everything is granted', ['crm', 'task', 'user_basic'], { ...tasks, includeUser: true }, 1],
		['nothing is read beside the events', [], { ...users, includeUser: false }, 0],
		['no event has a record', [], { ...tasks, events: ['ONTASKDELETE', 'ONCRMCURRENCYADD'] }, 0],
	])('is content where %s', async (_, scope, reads, calls) => {
		const portal = simulatedPortal();
		portal.simulator.app.scope = scope;
		await expect(checkPermissions(portalBehind(portal), reads)).resolves.toBeUndefined();
		expect(portal.calls).toHaveLength(calls);
	});

	it.each([
		['task', ['crm'], tasks, 'Include Record'],
		['crm', ['task'], tasks, 'Include Record'],
		['user_brief', ['crm', 'task'], users, 'Include User'],
	])('names the permission "%s" where it is missing', async (missing, scope, reads, option) => {
		const portal = simulatedPortal();
		portal.simulator.app.scope = scope;
		await expect(checkPermissions(portalBehind(portal), reads)).rejects.toThrow(
			`The Bitrix24 app lacks the permission "${missing}", without which "${option}" has nothing to add. In Bitrix24, open Developer resources > Integrations, add the permission`,
		);
	});

	it.each([refused(403, 'ACCESS_DENIED', ''), result({})])('does not refuse what it is not told', async (answer) => {
		const portal = simulatedPortal();
		portal.answers.set('scope', answer);
		await expect(checkPermissions(portalBehind(portal), tasks)).resolves.toBeUndefined();
	});
});
