/**
 * Who may import whom (CONTRIBUTING.md, "The house"); test/architecture.test.mts holds it.
 *
 * Node classes list parts; the parts of a delivery, a registration and the queue stand on `api` and `event`, which know
 * nothing of them.
 */
const ours = '^nodes/Bitrix24/';
const nodeClass = `${ours}[^/]+\\.node\\.ts$`;
const anotherModule = (...names) => `(?:^|node_modules/)(?:${names.join('|')})(?:/|$)`;

// What n8n gives a community node at run time (its lint takes our devDependencies for granted too).
const givenByN8n = [anotherModule('n8n-workflow', 'zod', 'luxon', 'lodash', 'moment', 'p-limit'), '^(?:node:)?crypto$'];

export default {
	forbidden: [
		{
			name: 'event-is-pure',
			comment: 'What an event is does not depend on n8n, on REST or on time.',
			severity: 'error',
			from: { path: `${ours}event/` },
			to: { pathNot: [`${ours}event/`, anotherModule('zod')] },
		},
		{
			name: 'description-is-data',
			comment: "Forms are data: they need n8n's types, and nothing that runs.",
			severity: 'error',
			// scopeOf looks something up in the catalogue, and compares codes for that.
			from: { path: `${ours}description/`, pathNot: `${ours}description/scopeOf\\.ts$` },
			to: { pathNot: [`${ours}description/`, anotherModule('n8n-workflow')] },
		},
		{
			name: 'description-needs-types-only',
			comment: "Forms are data: they need n8n's types, and nothing that runs.",
			severity: 'error',
			from: { path: `${ours}description/` },
			to: { path: anotherModule('n8n-workflow'), dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'webhook-and-queue-are-strangers',
			comment: 'They are two ways in, and neither is built on the other.',
			severity: 'error',
			from: { path: `${ours}(webhook|queue)/` },
			to: { path: `${ours}(?:webhook|queue)/`, pathNot: `${ours}$1/` },
		},
		{
			name: 'dependencies-point-inwards',
			comment: 'The inner rooms know nothing of those that are built on them.',
			severity: 'error',
			from: { path: `${ours}(?:api|event|description|settings)/` },
			to: { path: `${ours}(?:webhook|subscription|queue)/` },
		},
		{
			name: 'api-stands-on-event-only',
			comment: 'Calling REST depends on no room but that of the events.',
			severity: 'error',
			from: { path: `${ours}api/` },
			to: { path: ours, pathNot: `${ours}(?:api|event)/` },
		},
		{
			name: 'node-class-lists-parts',
			comment: 'A node class is made of forms and of the outermost functions.',
			severity: 'error',
			from: { path: nodeClass },
			to: {
				pathNot: [`${ours}(?:webhook|subscription|queue|description)/`, anotherModule('n8n-workflow')],
			},
		},
		{
			name: 'node-class-is-the-top',
			comment: 'Nothing is built on a node class.',
			severity: 'error',
			from: {},
			to: { path: nodeClass },
		},
		{
			name: 'credentials-stand-alone',
			comment: 'n8n loads credentials without the nodes.',
			severity: 'error',
			from: { path: '^credentials/' },
			to: { pathNot: ['^credentials/', anotherModule('n8n-workflow')] },
		},
		{
			name: 'package-is-self-contained',
			comment: 'Simulator, tests, demo and host are not published, and n8n installs no dependencies of ours.',
			severity: 'error',
			from: { path: '^(?:nodes|credentials)/' },
			to: { pathNot: ['^(?:nodes|credentials)/', ...givenByN8n] },
		},
		{
			name: 'no-cycles',
			comment: 'Data flows one way.',
			severity: 'error',
			from: {},
			to: { circular: true },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		// An import of a type is a dependency of the design as well.
		tsPreCompilationDeps: true,
	},
};
