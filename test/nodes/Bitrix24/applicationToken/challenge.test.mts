import fc from 'fast-check';

import { challengeScope, makeChallenge, readChallenge } from '../../../../nodes/Bitrix24/applicationToken/challenge.js';
import { parseConnection } from '../../../../nodes/Bitrix24/connection/oauth2.js';
import { ourTrigger } from '../../../fakes/challenge.mjs';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { webhookContext } from '../../../fakes/webhookContext.mjs';

const now = 1_742_807_199_000;
const nonce = '0123456789abcdef'.repeat(2);
const address = 'https://n8n.example.com/webhook/0d2f/webhook?é';
const asked = { purpose: 'learn', issuedAt: now, address } as const;
const learn = makeChallenge(ourTrigger, asked, nonce);

describe('makeChallenge', () => {
	it('names its purpose and its time, and is signed', () => {
		expect(learn).toMatch(/^learn\.1742807199000\.(?:0123456789abcdef){2}\.[\w-]+\.[0-9a-f]{64}$/);
	});

	it('is another one for every nonce, time, purpose and trigger', () => {
		const others = [
			makeChallenge(ourTrigger, asked, 'f'.repeat(32)),
			makeChallenge(ourTrigger, { ...asked, issuedAt: now + 1 }, nonce),
			makeChallenge(ourTrigger, { ...asked, purpose: 'sample' }, nonce),
			makeChallenge(ourTrigger, { ...asked, address: 'https://elsewhere.example.com/' }, nonce),
			...Object.keys(ourTrigger).map((key) => makeChallenge({ ...ourTrigger, [key]: 'x' }, asked, nonce)),
		];
		const signatures = [learn, ...others].map((challenge) => challenge.split('.').at(-1));
		expect(new Set(signatures).size).toBe(9);
	});
});

describe('readChallenge', () => {
	it.each(['learn', 'sample'] as const)('recognizes its own, made to %s', (purpose) => {
		const challenge = makeChallenge(ourTrigger, { ...asked, purpose }, nonce);
		expect(readChallenge(ourTrigger, challenge, now + 5_000)).toEqual({ purpose, issuedAt: now, address });
	});

	it('is good for ten minutes', () => {
		expect(readChallenge(ourTrigger, learn, now + 600_000)).not.toBeNull();
		expect(readChallenge(ourTrigger, learn, now + 600_001)).toBeNull();
	});

	it('bears with a clock that is a minute behind', () => {
		expect(readChallenge(ourTrigger, learn, now - 60_000)).not.toBeNull();
		expect(readChallenge(ourTrigger, learn, now - 60_001)).toBeNull();
	});

	it.each(['clientSecret', 'memberId', 'workflowId', 'nodeId'])('does not recognize that of another %s', (key) => {
		expect(readChallenge({ ...ourTrigger, [key]: 'x' }, learn, now)).toBeNull();
	});

	it('keeps the parts of a trigger apart', () => {
		const one = { ...ourTrigger, workflowId: 'a', nodeId: 'bc' };
		const other = { ...ourTrigger, workflowId: 'ab', nodeId: 'c' };
		expect(readChallenge(other, makeChallenge(one, asked, nonce), now)).toBeNull();
	});

	it.each([
		['nothing', ''],
		['another purpose', learn.replace('learn', 'sample')],
		['a purpose that there is not', learn.replace('learn', 'other')],
		['a later time', learn.replace(String(now), String(now + 1))],
		[
			'another address',
			learn.replace(/[\w-]+(?=\.[^.]*$)/, Buffer.from('https://evil.example/').toString('base64url')),
		],
		['no address', learn.replace(/[\w-]+(?=\.[^.]*$)/, '')],
		['another nonce', learn.replace(nonce, 'f'.repeat(32))],
		['no signature', learn.replace(/\.[^.]*$/, '.')],
		['a shorter signature', learn.slice(0, -1)],
		['a longer signature', `${learn}0`],
		['a signature in capitals', learn.replace(/[^.]*$/, (signature) => signature.toUpperCase())],
		['space around it', ` ${learn}`],
		['a line break behind it', `${learn}\n`],
		['a second one', `${learn}${learn}`],
	])('does not recognize %s', (_name, value) => {
		expect(readChallenge(ourTrigger, value, now)).toBeNull();
	});

	it('never throws, and recognizes nothing that this trigger has not made', () => {
		const hex = (length: number) =>
			fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
		const like = fc
			.tuple(fc.constantFrom('learn', 'sample'), fc.constant(now), hex(32), fc.base64String(), hex(64))
			.map((parts) => parts.join('.'));
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'binary' }), like), (value) => {
				expect(readChallenge(ourTrigger, value, now)).toBeNull();
			}),
		);
	});
});

const read = parseConnection(connectedApp);
if (!read.ok) throw new Error('The test is not connected');
const { connection } = read;

describe('challengeScope', () => {
	it('names the trigger in the same words when it asks and when the answer comes', () => {
		expect(challengeScope(hookContext().context, connection)).toEqual(ourTrigger);
		expect(challengeScope(webhookContext({}).context, connection)).toEqual(ourTrigger);
	});

	it('names a workflow that is not saved yet by nothing', () => {
		const { context } = hookContext();
		context.getWorkflow = () => ({ active: false });
		expect(challengeScope(context, connection).workflowId).toBe('');
	});
});
