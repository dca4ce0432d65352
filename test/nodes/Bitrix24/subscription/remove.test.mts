import { NodeOperationError } from 'n8n-workflow';

import { checkExists, create, remove } from '../../../../nodes/Bitrix24/subscription/lifecycle.js';
import { connectedApp } from '../../../fakes/credentials.mjs';
import { simulatedPortal, refused } from '../../../fakes/simulatedPortal.mjs';
import { hookContext } from '../../../fakes/hookContext.mjs';
import { productionUrl } from '../../../fakes/webhookContext.mjs';

const bound = (event: string, handler = productionUrl) => ({ event, handler, auth_type: '0', offline: 0 });

function portalWith(...handlers: ReturnType<typeof bound>[]) {
	const portal = simulatedPortal();
	portal.bind(...handlers);
	return portal;
}

describe('remove', () => {
	it('takes everything down at its URL, the learning handler included, and nothing else', async () => {
		const others = bound('ONCRMLEADDELETE', 'https://other.example.com/');
		const portal = portalWith(bound('ONCRMLEADDELETE'), others, bound('ONAPPTEST'), bound('ONTASKADD'));
		const { context, log } = hookContext({ portal });
		expect(await remove(context)).toBe(true);
		expect(portal.handlers()).toEqual([others]);
		expect(log).toEqual([]);
	});

	it('does so whatever is selected by now, even nothing', async () => {
		const portal = portalWith(bound('ONCRMLEADDELETE'));
		expect(await remove(hookContext({ portal, parameters: { events: [] } }).context)).toBe(true);
		expect(portal.handlers()).toEqual([]);
	});

	it('has nothing to do for an outgoing webhook', async () => {
		const parameters = { authentication: 'outgoingWebhook' };
		const { context, portal } = hookContext({ parameters, credentials: {} });
		expect(await remove(context)).toBe(true);
		expect(portal.calls).toEqual([]);
	});

	it.each([
		['the credential is gone', {}, 'is missing or can not be read'],
		[
			'the credential is not connected any more',
			{ bitrix24OAuth2Api: { ...connectedApp, oauthTokenData: undefined } },
			'is not connected yet',
		],
	])('lets the workflow go when %s, and says so in the log', async (_name, credentials, words) => {
		const { context, log } = hookContext({ credentials });
		expect(await remove(context)).toBe(true);
		expect(log).toEqual([
			expect.stringMatching(
				/^Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: it could not take its handlers down\. /,
			),
		]);
		expect(log[0]).toContain(words);
	});

	it.each([
		['does not know the app any more', Object.assign(new Error('invalid_grant'), { httpCode: '401' })],
		['is deleted', refused(500, 'PORTAL_DELETED', '')],
	])('lets the workflow go when the portal %s: its handlers are gone with it', async (_name, answer) => {
		const portal = simulatedPortal();
		portal.answers.set('event.get', answer);
		const { context, log } = hookContext({ portal });
		expect(await remove(context)).toBe(true);
		expect(log).toHaveLength(1);
	});

	it.each(['event.get', 'event.unbind'])(
		'throws when the portal refuses %s, so that n8n tries again',
		async (method) => {
			const portal = portalWith(bound('ONCRMLEADDELETE'));
			portal.answers.set(method, refused(403, 'INVALID_CREDENTIALS', ''));
			const removing = remove(hookContext({ portal }).context);
			await expect(removing).rejects.toThrow(NodeOperationError);
			await expect(removing).rejects.toThrow('lacks the rights for this in Bitrix24');
		},
	);

	describe.each([
		['create', create],
		['checkExists', checkExists],
	])('after a refused activation, in %s', (_name, step) => {
		const appToken = { bitrix24OAuth2Api: { ...connectedApp, applicationToken: 'given' } };

		async function refuse(whileTakingDown = 'INVALID_CREDENTIALS') {
			const portal = portalWith(bound('ONAPPTEST'));
			portal.answers.set('events', refused(403, 'INVALID_CREDENTIALS', ''));
			portal.answers.set('event.get', refused(403, whileTakingDown, ''));
			const hook = hookContext({ portal, credentials: appToken });
			await expect(step(hook.context)).rejects.toThrow('lacks the rights');
			return hook;
		}

		it('does not throw, once: n8n would keep the path, and never register the trigger again', async () => {
			const { context } = await refuse();
			expect(await remove(context)).toBe(true);
			await expect(remove(context)).rejects.toThrow('lacks the rights');
		});

		it('does not repeat in the log what the user has just been told', async () => {
			const { context, log } = await refuse();
			await remove(context);
			expect(log).toEqual([]);
		});

		it('says in the log what else stands in its way', async () => {
			const { context, log } = await refuse('WRONG_AUTH_TYPE');
			await remove(context);
			expect(log).toEqual([
				expect.stringMatching(
					/^Bitrix24 Trigger "When a Lead Goes" in workflow workflow-1: it could not take its handlers down\. .* only to an app/,
				),
			]);
		});

		it('throws again for an activation that has succeeded since', async () => {
			const { context, portal } = await refuse();
			portal.answers.clear();
			expect(await create(context)).toBe(true);
			portal.answers.set('event.get', refused(403, 'INVALID_CREDENTIALS', ''));
			await expect(remove(context)).rejects.toThrow('lacks the rights');
		});
	});

	it('throws a fault of its own as one', async () => {
		const { context } = hookContext();
		context.getNodeWebhookUrl = () => {
			throw new TypeError('broken');
		};
		await expect(remove(context)).rejects.toThrow('broken');
	});
});
