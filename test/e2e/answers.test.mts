import type { Payload } from '../../simulator/index.mjs';
import { deliveryTable, otherPortal, type Row, unreadable } from './support/deliveryTable.mjs';
import { activateOutgoing } from './support/outgoing.mjs';
import { Trigger } from './support/Trigger.mjs';
import { connect, credentialFor, openWorld, type World } from './support/world.mjs';

jest.setTimeout(240_000);

const DELETED = 'ONCRMLEADDELETE';
const parameters = { options: { maxAgeMinutes: 10 } };
const notConfigured = { error: 'NOT_CONFIGURED', error_description: 'The trigger is not ready to receive events.' };

let world: World;
beforeAll(async () => {
	world = await openWorld();
});
afterAll(async () => await world?.close());

/** A trigger whose answers are looked at. */
interface Subject {
	trigger: Trigger;
	/** Its credential, and what a person entered there. */
	credentialId: string;
	form: Record<string, string>;
	genuine(): Payload;
}

const ofApp = () => world.portal.delivery(DELETED, { FIELDS: { ID: 7 } });

async function app(applicationToken: string): Promise<Subject> {
	const form = { ...credentialFor(world.portal), applicationToken };
	const credentials = await connect(world, world.portal, form);
	const trigger = await Trigger.active(world, { parameters, credentials });
	return { trigger, genuine: ofApp, credentialId: credentials.bitrix24OAuth2Api.id, form };
}

async function outgoing(which: number, separator: string): Promise<Subject> {
	const { portalUrl } = world.portal;
	const events = [[DELETED], [DELETED], [DELETED]];
	const made = await activateOutgoing(world, { events, separator, parameters, portalUrl });
	const tokens = made.webhooks.map(({ applicationToken }) => applicationToken);
	const application_token = tokens[which] ?? '';
	return {
		...made,
		form: { applicationToken: tokens.join(separator), portalUrl },
		genuine() {
			const { domain = '', client_endpoint = '', server_endpoint = '', member_id = '' } = ofApp().auth;
			return { ...ofApp(), auth: { domain, client_endpoint, server_endpoint, member_id, application_token } };
		},
	};
}

const otherMember = otherPortal({
	"another portal's member id": { member_id: 'a'.repeat(32) },
	'no member id': { member_id: undefined },
	"the portal's member id in an array": { member_id: ['a'.repeat(32)] },
});
const otherDomain = otherPortal({
	"another portal's domain": { domain: 'elsewhere.bitrix24.com' },
	'no domain': { domain: undefined },
});

/** A few rows, where the way to the answers is the same as in another group. */
const some = deliveryTable.filter(({ delivery }) =>
	['a proven, selected event', 'a proven event that is not selected', 'another token'].includes(delivery),
);

describe.each([
	['an app whose application token is learned', async () => await app(''), [...deliveryTable, ...otherMember]],
	['an app whose application token is given', async () => await app(world.portal.app.applicationToken), some],
	['the first of three outgoing webhooks', async () => await outgoing(0, ', '), some],
	['the last of three outgoing webhooks', async () => await outgoing(2, '\n'), [...deliveryTable, ...otherDomain]],
])('%s', (_, open, rows) => {
	let subject: Subject;
	let before = 0;
	beforeAll(async () => {
		subject = await open();
	});
	afterAll(async () => await subject.trigger.deactivate());

	/** How many executions were started since it was last asked. */
	async function startedSince(): Promise<number> {
		const now = await subject.trigger.started(subject.genuine());
		const since = now - before;
		before = now;
		return since;
	}

	test.each<Row>(rows)('$delivery: $answer.status, starts $starts', async ({ make, answer, starts }) => {
		expect(await subject.trigger.receive(make(subject.genuine()))).toEqual(answer);
		expect(await startedSince()).toBe(starts);
	});

	test.each(Object.entries(unreadable))('%s: refused, starts nothing', async (_name, make) => {
		expect([400, 413, 422, 500]).toContain((await subject.trigger.receive(make(subject.genuine()))).status);
		expect(await startedSince()).toBe(0);
	});

	test.each([
		['unusable', { portalUrl: 'http://' }],
		['emptied', { applicationToken: ' , ', clientSecret: '' }],
	])('while the credential is %s: 500, starts nothing', async (_name, broken) => {
		const { credentialId: id, form, trigger, genuine } = subject;
		await world.client.updateCredential(id, { data: broken });
		const answer = await trigger.receive(genuine());
		await world.client.updateCredential(id, { data: form });
		expect(answer).toEqual({ status: 500, body: notConfigured });
		expect(await startedSince()).toBe(0);
	});

	test('without its credential: 500, starts nothing', async () => {
		const { credentialId, genuine, trigger } = subject;
		await world.client.deleteCredential(credentialId);
		// Nothing proves itself any more, a witness neither.
		const sofar = await world.client.executions(trigger.id);
		expect(await trigger.receive(genuine())).toEqual({ status: 500, body: notConfigured });
		expect(await world.client.executions(trigger.id)).toHaveLength(sofar.length);
	});
});
