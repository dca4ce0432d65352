import { type Request, type RequestHandler, Router } from 'express';
import { homePage } from './homePage.mjs';
import { LIVE_SCRIPT } from './layout.mjs';
import { leadsOf } from '../crm/records.mjs';
import type { Actor, Portal } from '../portal.mjs';
import { Params, readParams } from '../rest/call.mjs';

/** The page at `/`, and what its forms do. Every form leads back to the page. */
export function pageRoutes(portal: Portal): Router {
	const leads = leadsOf(portal);
	const router = Router();
	router.get('/', (_request, response) => void response.send(homePage(portal)));
	router.get('/page.js', (_request, response) => void response.type('js').send(LIVE_SCRIPT));
	router.post(
		'/leads/add',
		form((params) => void leads.add(readLead(params), { by: actor(params) })),
	);
	router.post(
		'/leads/rename',
		form((params) => {
			const id = params.text('id');
			if (leads.list().some(({ ID }) => ID === id)) {
				leads.update(id, { TITLE: params.text('title') }, { by: actor(params) });
			}
		}),
	);
	router.post(
		'/leads/delete',
		form((params) => {
			const there = new Set(leads.list().map(({ ID }) => ID));
			leads.delete(
				selected(params).filter((id) => there.has(id)),
				{ by: actor(params) },
			);
		}),
	);
	router.post(
		'/app',
		form((params) => {
			portal.app.redirectUri = params.text('redirecturi');
			portal.app.installed = params.has('installed');
		}),
	);
	return router;
}

function form(act: (params: Params) => void): RequestHandler {
	return (request: Request, response) => {
		act(new Params(readParams(request)));
		response.redirect(303, '/');
	};
}

/** A lead's own button names it alone; otherwise the ticked ones are meant. */
function selected(params: Params): string[] {
	if (params.has('only')) return [params.text('only')];
	return params.has('ids') ? [params.raw('ids')].flat().map(String) : [];
}

/** The robot's own button is stronger than the choice beside it. */
function actor(params: Params): Actor {
	const name = params.text('as') || params.text('by');
	return name === 'robot' ? 'robot' : Number(name);
}

const CURRENCY = 'EUR';

/** The fields of a lead as the form names them, as REST names them. What was left empty is left out. */
function readLead(params: Params): Record<string, unknown> {
	const [title, company, phone, value, owner] = ['title', 'company', 'phone', 'value', 'owner'].map((name) =>
		params.text(name),
	);
	return {
		TITLE: title,
		...(company && { COMPANY_TITLE: company }),
		...(phone && { PHONE: [{ VALUE: phone, VALUE_TYPE: 'WORK' }] }),
		...(value && { OPPORTUNITY: Number(value).toFixed(2), CURRENCY_ID: CURRENCY }),
		...(owner && { ASSIGNED_BY_ID: owner }),
	};
}
