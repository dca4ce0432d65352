import { createRunExecutionData, NodeOperationError, WorkflowOperationError } from 'n8n-workflow';

import { outcomeOf, outcomeOfResponse } from '../../../../nodes/Bitrix24/queue/run.js';

const data = createRunExecutionData();

describe('verdictOf', () => {
	it.each(['success', 'waiting'] as const)('takes %s for a success', (status) => {
		expect(outcomeOf({ status, data })).toBe('succeeded');
	});

	it('takes the error of a node for a failure', () => {
		const node = {
			id: '1',
			name: 'Report',
			type: 'x',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
		};
		const resultData = { runData: {}, error: new NodeOperationError(node, 'No'), lastNodeExecuted: 'Report' };
		expect(outcomeOf({ status: 'error', data: createRunExecutionData({ resultData }) })).toBe('failed');
	});

	it('takes an error for a failure that n8n says nothing more about', () => {
		expect(outcomeOf({ status: 'error', data })).toBe('failed');
	});

	it('concludes nothing from the error of a run whose worker was killed, or could not begin it', () => {
		const resultData = {
			runData: {},
			error: new WorkflowOperationError('This execution failed to be processed too many times'),
		};
		expect(outcomeOf({ status: 'error', data: createRunExecutionData({ resultData }) })).toBe('unknown');
	});

	it.each(['canceled', 'crashed', 'new', 'running', 'unknown'] as const)(
		'concludes nothing from %s, which does not speak against the events',
		(status) => {
			expect(outcomeOf({ status, data })).toBe('unknown');
		},
	);

	it('concludes nothing from a run that n8n took for a double and did not start', () => {
		expect(outcomeOf(undefined)).toBe('unknown');
	});
});

describe('verdictOfAnswer', () => {
	it.each([
		['nothing at all, which n8n answers for a successful run', {}, 'succeeded'],
		['what n8n answers for another run', { body: { message: 'Workflow execution failed' }, statusCode: 500 }, 'failed'],
		['what a node answered in the middle of a run', { body: { ok: true }, headers: {}, statusCode: 200 }, null],
		['an error that a node answered', { body: { message: 'Not today' }, headers: {}, statusCode: 500 }, null],
		['a failure that a node answered', { body: { message: 'Workflow execution failed' }, statusCode: 404 }, null],
		['a body that is no object', { body: 'Workflow execution failed', statusCode: 500 }, null],
		[
			'the same with headers, which a node adds',
			{ body: { message: 'Workflow execution failed' }, headers: {}, statusCode: 500 },
			null,
		],
		['another text', { text: 'Hello' }, null],
		['an answer without a body', { statusCode: 500 }, null],
		['no answer', undefined, null],
	])('reads %s', (_, answer, expected) => {
		expect(outcomeOfResponse(answer)).toBe(expected);
	});
});
