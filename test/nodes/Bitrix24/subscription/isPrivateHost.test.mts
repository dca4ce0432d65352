import { isPrivateHost } from '../../../../nodes/Bitrix24/subscription/preconditions.js';

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
