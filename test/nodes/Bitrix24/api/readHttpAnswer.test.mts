import { parseHttpResponse } from '../../../../nodes/Bitrix24/n8n/transports.js';

describe('readHttpAnswer', () => {
	it('reads status, location and body', () => {
		const response = { statusCode: 302, headers: { location: 'https://new.example.com/', date: 'x' }, body: { a: 1 } };
		expect(parseHttpResponse(response)).toEqual({ status: 302, location: 'https://new.example.com/', body: { a: 1 } });
	});

	it.each([
		['without headers', { statusCode: 200, body: 'x' }],
		['with headers of another kind', { statusCode: 200, headers: 'x', body: 'x' }],
		['without a location', { statusCode: 200, headers: {}, body: 'x' }],
		['with two locations', { statusCode: 200, headers: { location: ['a', 'b'] }, body: 'x' }],
	])('knows no location of a response %s', (_name, response) => {
		expect(parseHttpResponse(response)).toEqual({ status: 200, location: null, body: 'x' });
	});

	it('has null for a body that is missing, and keeps an empty one', () => {
		expect(parseHttpResponse({ statusCode: 204 }).body).toBeNull();
		expect(parseHttpResponse({ statusCode: 200, body: '' }).body).toBe('');
	});

	it.each([undefined, null, 'x', {}, { statusCode: '200' }])('throws at %p, which is no full response', (response) => {
		expect(() => parseHttpResponse(response)).toThrow();
	});
});
