import fc from 'fast-check';

import { limits } from '../../../../nodes/Bitrix24/event/payload.js';
import { readBody } from '../../../../nodes/Bitrix24/webhook/readBody.js';
import { formRequest } from '../../../fakes/webhookContext.mjs';

const form = 'event=ONCRMLEADDELETE&data%5BFIELDS%5D%5BID%5D=7';
const read = { event: 'ONCRMLEADDELETE', data: { FIELDS: { ID: '7' } } };

/** A JSON post as n8n hands it over. */
function jsonRequest(body: unknown, contentType = 'application/json') {
	return { headers: { 'content-type': contentType }, body, rawBody: Buffer.from(JSON.stringify(body)) };
}

describe('readBody', () => {
	it.each([
		'application/x-www-form-urlencoded',
		'application/x-www-form-urlencoded; charset=UTF-8',
		'Application/X-WWW-Form-Urlencoded',
		' application/x-www-form-urlencoded ;charset=utf-8',
	])('reads a form that comes as %p', (contentType) => {
		expect(readBody(formRequest(form, contentType))).toEqual(read);
	});

	it('reads a form from its bytes, whatever n8n made of it', () => {
		expect(readBody({ ...formRequest(form), body: { event: 'ONCRMDEALADD' } })).toEqual(read);
	});

	it('reads a form behind a byte order mark', () => {
		expect(readBody(formRequest(`\uFEFF${form}`))).toEqual(read);
		expect(readBody(formRequest(`a=\uFEFF`))).toEqual({ a: '\uFEFF' });
	});

	it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON'])(
		'reads JSON that comes as %p',
		(contentType) => {
			const body = { event: 'ONCRMLEADDELETE', data: { FIELDS: { ID: 7 } } };
			expect(readBody(jsonRequest(body, contentType))).toEqual(read);
		},
	);

	it.each([
		'text/plain',
		'text/xml',
		'application/xml',
		'multipart/form-data; boundary=x',
		'application/jsonp',
		'application/json-patch+json',
		'x-application/json',
		'text/html;application/json',
		'',
	])('reads nothing of what comes as %p, though n8n may have parsed it', (contentType) => {
		expect(readBody(jsonRequest(read, contentType))).toBeNull();
		expect(readBody(formRequest(form, contentType))).toBeNull();
	});

	it('reads nothing without a content type', () => {
		expect(readBody({ ...jsonRequest(read), headers: {} })).toBeNull();
	});

	it.each([undefined, null, form, { type: 'Buffer', data: [] }])('reads nothing where the bytes are %p', (rawBody) => {
		expect(readBody({ ...formRequest(form), rawBody })).toBeNull();
		expect(readBody({ ...jsonRequest(read), rawBody })).toBeNull();
	});

	it('reads up to a mebibyte of either, and no more', () => {
		const most = formRequest(`a=${'v'.repeat(limits.characters - 2)}`);
		expect(readBody(most)).not.toBeNull();
		expect(readBody({ ...most, rawBody: Buffer.alloc(limits.characters + 1, 'a') })).toBeNull();
		const { rawBody } = most;
		expect(readBody({ ...jsonRequest(read), rawBody })).toEqual(read);
		expect(readBody({ ...jsonRequest(read), rawBody: Buffer.alloc(limits.characters + 1) })).toBeNull();
	});

	it.each([
		['an empty form', formRequest(''), {}],
		['a list', jsonRequest([read]), null],
		['a text', jsonRequest('event=ONCRMLEADDELETE'), null],
		['nothing', { ...jsonRequest(null), body: undefined }, null],
	])('makes of %s what it is', (_name, request, expected) => {
		expect(readBody(request)).toEqual(expected);
	});

	it('never throws, whatever bytes come in', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
				const body = readBody({ ...formRequest(''), rawBody: Buffer.from(bytes) });
				expect(body === null || Object.getPrototypeOf(body) === Object.prototype).toBe(true);
			}),
		);
	});
});
