import fc from 'fast-check';

import { ActionableError } from '../../../../nodes/Bitrix24/api/errors.js';
import { createLog, portalForLog } from '../../../../nodes/Bitrix24/n8n/log.js';
import { triggerContext } from '../../../fakes/triggerContext.mjs';

const longest = `${'a'.repeat(63)}.`.repeat(3) + 'b'.repeat(61);

describe('portalForLog', () => {
	it.each(['some-domain.bitrix24.com', 'PORTAL.local', '127.0.0.1', '127.0.0.1:8024', 'a.b:8', 'a.b:65535', longest])(
		'names %s',
		(domain) => {
			expect(portalForLog(domain)).toBe(domain);
		},
	);

	it.each([
		undefined,
		'',
		'localhost',
		'some-domain.bitrix24.com\nINJECTED',
		'some domain.bitrix24.com',
		'https://some-domain.bitrix24.com',
		'some-domain.bitrix24.com/path',
		'ada@some-domain.bitrix24.com',
		'.bitrix24.com',
		'a..b',
		'a.b:',
		'a.b:123456',
		'a.b:1:2',
		`a.${'b'.repeat(64)}`,
		`${'b'.repeat(64)}.a`,
		`${longest}c`,
		'\u001b[31ma.b',
		'портал.рф',
	])('does not repeat %p', (domain) => {
		expect(portalForLog(domain)).toBe('an unnamed sender');
	});

	it('says nothing that could be anything but a host name', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.domain()), (domain) => {
				expect(portalForLog(domain)).toMatch(/^(?:an unnamed sender|[a-z0-9.:-]{1,253})$/i);
			}),
		);
	});
});

it('reports in the log alone where n8n cannot save a failed execution', () => {
	const { context, log } = triggerContext();
	Object.assign(context, { saveFailedExecution: undefined });
	createLog(context).report(new ActionableError('It went wrong.', 'Try again.'));
	expect(log).toEqual([expect.stringMatching(/^error: .*It went wrong\. Try again\.$/)]);
});
