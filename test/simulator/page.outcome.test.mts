import { outcome } from '../../simulator/page/deliveriesSection.mjs';

const delivery = {
	event: 'ONCRMLEADDELETE',
	handler: 'http://127.0.0.1:5678/webhook/1/webhook',
	status: 200,
	answer: 'firstEntryJson',
};

describe('what became of a delivery', () => {
	it.each([
		['has started a workflow', {}, { kind: 'started', why: '' }],
		[
			'has started a workflow of another n8n',
			{ answer: '{"message":"Workflow was started"}' },
			{ kind: 'started', why: '' },
		],
		[
			'was a test of the editor',
			{ handler: 'http://127.0.0.1:5678/webhook-test/1/webhook' },
			{ kind: 'started', why: 'a test: see the editor' },
		],
		[
			'was not selected',
			{ answer: '{"message":"Received"}' },
			{ kind: 'ignored', why: 'not one of the chosen events' },
		],
		[
			'brought the application token',
			{ event: 'ONAPPTEST', answer: '{"message":"Received"}' },
			{ kind: 'ignored', why: 'it brings the application token' },
		],
		['went to no n8n', { answer: 'thanks' }, { kind: 'accepted', why: 'answered 200' }],
		[
			'did not prove itself',
			{
				status: 403,
				answer:
					'{"error":"INVALID_APPLICATION_TOKEN","error_description":"The application token is missing or wrong."}',
			},
			{ kind: 'refused', why: 'The application token is missing or wrong. (INVALID_APPLICATION_TOKEN, 403)' },
		],
		[
			'found no active workflow',
			{ status: 404, answer: '{"code":404,"message":"The requested webhook \\"POST 1/webhook\\" is not registered."}' },
			{
				kind: 'refused',
				why: 'n8n knows no such address: the workflow is not active, or nobody listens for a test event',
			},
		],
		['met a fault', { status: 500, answer: '<html>' }, { kind: 'refused', why: 'no reason given (500)' }],
		['was sent elsewhere', { status: 302, answer: '' }, { kind: 'refused', why: 'no reason given (302)' }],
		[
			'was not answered',
			{ status: null, answer: '', error: 'connect ECONNREFUSED' },
			{ kind: 'lost', why: 'connect ECONNREFUSED. Bitrix24 does not try again.' },
		],
	])('says that it %s', (_what, changes, expected) => {
		expect(outcome({ ...delivery, ...changes })).toEqual(expected);
	});
});
