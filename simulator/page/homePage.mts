import { deliveriesSection } from './deliveriesSection.mjs';
import { html, type Html, layout, liveTable, time } from './layout.mjs';
import type { PortalRecord } from '../crm/records.mjs';
import type { OfflineRecord } from '../offline/offlineQueue.mjs';
import type { Portal } from '../portal.mjs';

/** The portal's only page: what there is, who listens, and what was sent. */
export function homePage(portal: Portal): string {
	return layout(
		'Simulated Bitrix24',
		html`<h1>Simulated Bitrix24</h1>
			<p class="muted small">${portal.domain}, member id ${portal.memberId}. <a href="/">Refresh</a></p>
			<main>
				<div>
					${section('Leads', leadsSection(portal))} ${section('Add a lead', newLeadForm(portal))}
					${section('Change a lead', renameLeadForm(portal))}
				</div>
				<div>
					${section('Deliveries', deliveriesSection(portal))} ${section('Event handlers', handlersSection(portal))}
					${section('Offline queue', queueSection(portal))} ${section('REST calls', callsSection(portal))}
					${section('Local application', appSection(portal))}
				</div>
			</main>
			<script src="/page.js" defer></script>`,
	);
}

function section(title: string, content: Html): Html {
	return html`<section aria-label="${title}">
		<h2 tabindex="-1">${title}</h2>
		${content}
	</section>`;
}

/** The app's card: what a credential needs, and the two things that are set here. */
function appSection({ app, portalUrl, authorizationServer }: Portal): Html {
	const facts = {
		'Portal URL': portalUrl,
		'Authorization server': authorizationServer,
		'Client ID': app.clientId,
		'Client secret': app.clientSecret,
		Permissions: app.scope.join(', '),
	};
	return html`<dl>
			${Object.entries(facts).map(
				([name, value]) =>
					html`<dt>${name}</dt>
						<dd><code>${value}</code></dd>`,
			)}
		</dl>
		<form method="post" action="/app">
			<label class="wide"
				>Your handler path
				<input
					type="text"
					name="redirectUri"
					value="${app.redirectUri}"
					placeholder="n8n: the credential's OAuth Redirect URL"
				/>
			</label>
			<label
				><input type="checkbox" name="installed" ${app.installed ? 'checked' : ''} /> installation is complete</label
			>
			<button>Save</button>
			<output></output>
		</form>`;
}

const CALLS_SHOWN = 30;

/** The latest REST calls, without tokens. */
function callsSection({ calls }: Portal): Html {
	const rows = calls
		.slice(-CALLS_SHOWN)
		.reverse()
		.map(({ at, method, params, status, error }) => [
			time(at),
			method,
			html`<code>${JSON.stringify(params)}</code>`,
			error === undefined ? status : `${status} ${error}`,
		]);
	const headings = ['Called at', 'Method', 'Parameters', 'Answer'];
	return liveTable('calls', headings, rows, 'Nobody has called yet.', { part: 'last', of: calls.length });
}

/** Everything that is bound: by apps, and by hand as outgoing webhooks. */
function handlersSection(portal: Portal): Html {
	const bound = portal.handlerStore
		.list()
		.map(({ event, url, connector, appId }) => [
			event,
			url ? html`<code>${url}</code>` : html`<span class="muted">offline queue ${connector || '(shared)'}</span>`,
			appId === portal.app.id ? 'application' : 'another application',
		]);
	const webhooks = portal.queueServer.webhooks.map(({ events, url }) => [
		events.join(', '),
		html`<code>${url}</code>`,
		'outgoing webhook',
	]);
	const empty = 'Nobody listens: activate a workflow that begins with a Bitrix24 trigger.';
	return liveTable('handlers', ['Event', 'Handler', 'Bound by'], [...bound, ...webhooks], empty);
}

const RECORDS_SHOWN = 50;

/** The offline queue: what waits, what is reserved, what was put aside. */
function queueSection({ queue }: Portal): Html {
	const records = queue.records();
	const rows = records
		.slice(-RECORDS_SHOWN)
		.map((record) => [
			record.ID,
			time(Date.parse(record.TIMESTAMP_X)),
			html`<b>${record.EVENT_NAME}</b> <code>${JSON.stringify(record.EVENT_DATA)}</code>`,
			record.connector || '(shared)',
			recordState(record),
		]);
	const headings = ['ID', 'Queued at', 'Event', 'Queue', 'State'];
	const empty = 'The queue is empty. It fills once a workflow with Bitrix24 Queue Trigger has subscribed to events.';
	return liveTable('queue', headings, rows, empty, { part: 'last', of: records.length });
}

function recordState({ ERROR, PROCESS_ID }: OfflineRecord): string {
	if (ERROR === '1') return 'put aside';
	return PROCESS_ID === '' ? 'waiting' : `reserved by ${PROCESS_ID}`;
}

const SHOWN = 100;

/** The leads, with buttons to delete one or several, by a person or by a robot. */
export function leadsSection(portal: Portal): Html {
	const leads = portal.leadStore.list();
	const rows = leads.slice(0, SHOWN).map((lead) => row(portal, lead));
	const headings = ['', 'ID', 'Lead', 'Owner', 'Value', ''];
	return html`<form method="post" action="/leads/delete">
		${liveTable('leads', headings, rows, 'There are no leads: add one.', { part: 'first', of: leads.length })}
		<p class="actions">
			<button>Delete selected</button>
			${actorSelect(portal)}
			<button name="as" value="robot" title="As an automation rule does: the event names no user">
				Delete selected as a robot
			</button>
		</p>
	</form>`;
}

function row({ users }: Portal, lead: PortalRecord): unknown[] {
	const { ID, TITLE, COMPANY_TITLE, PHONE, ASSIGNED_BY_ID, OPPORTUNITY, CURRENCY_ID } = lead;
	const owner = users.find(({ id }) => String(id) === String(ASSIGNED_BY_ID));
	const about = [COMPANY_TITLE, firstPhone(PHONE)].filter(Boolean).join(', ');
	return [
		html`<input type="checkbox" name="ids" value="${ID}" id="select-${ID}" aria-label="Select lead ${ID}" />`,
		ID,
		html`<b>${TITLE}</b> ${about && html`<div class="muted small">${about}</div>`}`,
		owner && `${owner.name} ${owner.lastName}`,
		OPPORTUNITY && `${OPPORTUNITY} ${CURRENCY_ID ?? ''}`,
		html`<button name="only" value="${ID}" id="delete-${ID}" aria-label="Delete lead ${ID}">Delete</button>`,
	];
}

/** `[{VALUE, VALUE_TYPE}]`, as REST takes and gives it. */
function firstPhone(phones: unknown): string {
	const [first]: unknown[] = Array.isArray(phones) ? phones : [];
	return typeof first === 'object' && first !== null && 'VALUE' in first ? String(first.VALUE) : '';
}

export function newLeadForm(portal: Portal): Html {
	return html`<form method="post" action="/leads/add" data-clear>
		<label class="wide">Title <input type="text" name="title" required placeholder="Acme Ltd" /></label>
		<label>Company <input type="text" name="company" autocomplete="off" /></label>
		<label>Phone <input type="tel" name="phone" autocomplete="off" /></label>
		<label>Value <input type="number" name="value" min="0" step="0.01" /></label>
		<label
			>Owner
			<select name="owner">
				${staff(portal)}
			</select></label
		>
		<p class="actions">
			<button>Add lead</button>
			${actorSelect(portal)}
		</p>
	</form>`;
}

export function renameLeadForm(portal: Portal): Html {
	return html`<form method="post" action="/leads/rename" data-clear>
		<label>ID <input type="number" name="id" required min="1" /></label>
		<label class="wide">New title <input type="text" name="title" required autocomplete="off" /></label>
		<p class="actions">
			<button>Change title</button>
			${actorSelect(portal)}
		</p>
	</form>`;
}

/** Who does it: one of the staff, or a robot. */
function actorSelect(portal: Portal): Html {
	return html`<label
		>as
		<select name="by">
			${staff(portal)}
			<option value="robot">a robot</option>
		</select></label
	>`;
}

function staff({ users, currentUserId }: Portal): Html[] {
	return users.map(
		({ id, name, lastName }) =>
			html`<option value="${id}" ${id === currentUserId ? 'selected' : ''}>${name} ${lastName}</option>`,
	);
}
