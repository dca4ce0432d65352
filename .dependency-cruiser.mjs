/**
 * Who may import whom (CONTRIBUTING.md, "The modules"). Data flows one way: a node class lists parts; the parts of a
 * delivery, a subscription and the queue are built on the client and on the event, which know nothing of them.
 */
const ours = '^nodes/Bitrix24/';
const nodeClass = `${ours}[^/]+\\.node\\.ts$`;
const modules = (...names) => `${ours}(?:menuPaths\\.ts$|(?:${names.join('|')})/)`;
const packages = (...names) => `(?:^|node_modules/)(?:${names.join('|')})(?:/|$)`;

// What n8n gives a community node at run time (its lint takes our devDependencies for granted too).
const givenByN8n = [packages('n8n-workflow', 'zod', 'luxon', 'lodash', 'moment', 'p-limit'), '^(?:node:)?crypto$'];

/** A module may import itself, the modules named, and the packages named. */
const mayImport = (module, reason, allowedModules, allowedPackages = givenByN8n) => ({
	name: `${module}-imports`,
	comment: reason,
	severity: 'error',
	from: { path: `${ours}${module}/` },
	to: { pathNot: [modules(module, ...allowedModules), ...allowedPackages] },
});

export default {
	forbidden: [
		mayImport('event', 'What an event is does not depend on n8n, on REST or on time.', [], [packages('zod')]),
		mayImport(
			'description',
			"Forms are data: they need n8n's types, the catalogue and the limits of settings.",
			['event', 'settings'],
			[packages('n8n-workflow')],
		),
		mayImport('settings', "A node's parameters are read without n8n.", ['event'], [packages('zod')]),
		mayImport('api', 'REST, and nothing of n8n.', ['event'], [packages('zod')]),
		mayImport('connection', 'What the credentials say, and how REST errors are explained by it.', ['event', 'api']),
		mayImport('n8n', 'All that depends on the behaviour of n8n.', ['event', 'api', 'connection']),
		mayImport('applicationToken', 'The whole feature, known to subscription and webhook, and knowing neither.', [
			'event',
			'api',
			'connection',
			'n8n',
		]),
		mayImport('subscription', 'Desired and current state, for both triggers.', [
			'event',
			'settings',
			'api',
			'connection',
			'n8n',
			'applicationToken',
		]),
		mayImport('webhook', 'A delivery knows nothing of the queue.', [
			'event',
			'settings',
			'api',
			'connection',
			'n8n',
			'applicationToken',
			'subscription',
		]),
		mayImport('queue', 'The queue knows nothing of deliveries.', [
			'event',
			'settings',
			'api',
			'connection',
			'n8n',
			'subscription',
		]),
		{
			name: 'description-needs-types-only',
			comment: "Forms are data: they need n8n's types, and nothing that runs.",
			severity: 'error',
			from: { path: `${ours}description/` },
			to: { path: packages('n8n-workflow'), dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'node-class-lists-parts',
			comment: 'A node class is made of forms and of the outermost functions.',
			severity: 'error',
			from: { path: nodeClass },
			to: {
				pathNot: [modules('description', 'subscription', 'webhook', 'queue', 'connection'), packages('n8n-workflow')],
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
			to: { pathNot: ['^credentials/', packages('n8n-workflow')] },
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
		{
			name: 'no-cycles-between-modules',
			comment: 'Data flows one way.',
			severity: 'error',
			scope: 'folder',
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
