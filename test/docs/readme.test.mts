import type { INodeProperties } from 'n8n-workflow';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Bitrix24OAuth2Api } from '../../credentials/Bitrix24OAuth2Api.credentials.js';
import { Bitrix24OutgoingWebhookApi } from '../../credentials/Bitrix24OutgoingWebhookApi.credentials.js';
import { Bitrix24QueueTrigger } from '../../nodes/Bitrix24/Bitrix24QueueTrigger.node.js';
import { Bitrix24Trigger } from '../../nodes/Bitrix24/Bitrix24Trigger.node.js';
import { parseEvent } from '../../nodes/Bitrix24/event/event.js';
import { toQueueItem, toRawQueueItem } from '../../nodes/Bitrix24/event/queueItem.js';
import { toItem, toRawItem } from '../../nodes/Bitrix24/event/webhookItem.js';
import { menuPaths } from '../../nodes/Bitrix24/menuPaths.js';
import type { RejectionCode } from '../../nodes/Bitrix24/webhook/verify.js';

const root = join(__dirname, '../..');
const read = (page: string) => readFileSync(join(root, page), 'utf8');

/** What a form shows: fields, those within collections included, without notices. */
function labels(properties: INodeProperties[]): string[] {
	return properties.flatMap((property) => {
		if (property.type === 'hidden' || property.type === 'notice') return [];
		if (property.type !== 'collection') return [property.displayName];
		return labels((property.options ?? []).filter((option): option is INodeProperties => 'type' in option));
	});
}

/** The part of a page below a heading. */
function section(page: string, heading: string): string {
	return (
		read(page)
			.split(new RegExp(`^#{2,3} ${heading}$`, 'm'))[1]
			?.split(/^#{2,3} /m)[0] ?? ''
	);
}

it.each([
	['the app', new Bitrix24OAuth2Api().properties],
	['the outgoing webhook', new Bitrix24OutgoingWebhookApi().properties],
	['Bitrix24 Trigger', new Bitrix24Trigger().description.properties],
	['Bitrix24 Queue Trigger', new Bitrix24QueueTrigger().description.properties],
])('explains every field of %s', (_name, properties) => {
	const tables = section('docs/reference.md', 'Fields');
	expect(labels(properties).filter((label) => !tables.includes(`| ${label} `))).toEqual([]);
});

it('explains every key of an item', () => {
	const data = { FIELDS: { ID: '7', TITLE: 'x' } };
	const event = parseEvent({ event: 'ONCRMLEADDELETE', data, ts: '1742807199', auth: {} });
	const record = {
		ID: '1',
		TIMESTAMP_X: '2025-03-24T09:06:39+00:00',
		EVENT_NAME: 'ONCRMLEADDELETE',
		EVENT_DATA: data,
		EVENT_ADDITIONAL: {},
		MESSAGE_ID: 'x',
	};
	if (event === null) throw new Error('This is an event');
	const items = [
		toItem(event, false),
		toRawItem(event, false),
		toQueueItem(record, { memberId: 'x', endpoint: null, status: 'L' }),
		toRawQueueItem(record),
		{ event_handler_id: '1', userName: '', userIsAdmin: true },
	];
	const keys = new Set(items.flatMap(Object.keys));
	expect([...keys].filter((key) => !section('docs/reference.md', 'What comes out').includes(`\`${key}\``))).toEqual([]);
});

it('explains every refusal', () => {
	const codes: Record<RejectionCode, true> = {
		INVALID_APPLICATION_TOKEN: true,
		WRONG_PORTAL: true,
		EXPIRED_EVENT: true,
		INVALID_EVENT: true,
		NOT_CONFIGURED: true,
	};
	const answers = section('docs/reference.md', 'Answers');
	expect(Object.keys(codes).filter((code) => !answers.includes(`\`${code}\``))).toEqual([]);
});

it.each(['With an app', 'With an outgoing webhook'])('takes at most seven named steps: %s', (heading) => {
	const steps = [...section('README.md', heading).matchAll(/^(\d+)\. \*\*(.+?)\*\*/gm)].map(([, number]) =>
		Number(number),
	);
	expect(steps.length).toBeGreaterThan(2);
	expect(steps.length).toBeLessThanOrEqual(7);
	expect(steps).toEqual(steps.map((_, index) => index + 1));
	expect([...section('README.md', heading).matchAll(/^\d+\. /gm)]).toHaveLength(steps.length);
});

it("has each of Bitrix24's menus that the steps and the messages name in other languages too", () => {
	const paths = [...read('README.md').matchAll(/In Bitrix24, open \*\*(.+?)\*\*/g)].map(([, path = '']) => path);
	expect(paths).toHaveLength(2);
	const words = [...paths, ...Object.values(menuPaths)].flatMap((path) => path.split(' > '));
	expect(words.filter((word) => !read('docs/menus.md').includes(`\n| ${word} `))).toEqual([]);
});

it('names every example, and no other', () => {
	const named = [...read('docs/examples.md').matchAll(/\]\(\.\.\/examples\/(.+?\.json)\)/g)].map(([, file]) => file);
	expect(named.sort()).toEqual(readdirSync(join(root, 'examples')).sort());
});
