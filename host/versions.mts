/** What differs between the n8n versions that we install. */
export interface N8nVersion {
	readonly version: string;
	/** The lowest major version of Node.js on which it starts. */
	readonly nodeMajor: number;
	/** Packages that npm cannot have from the registry in the version that n8n asks for, and what to take instead. */
	readonly overrides: Readonly<Record<string, string>>;
	/** Native modules that it does not run without: they are compiled by name, since install scripts are off. */
	readonly nativeModules: readonly string[];
	/** Settings that it needs, stronger than those for every version. */
	readonly environment: Readonly<Record<string, string>>;
	/** About how big `node_modules` is in the end, in MB. */
	readonly megabytes: number;
	/** About how many packages lie directly in `node_modules` in the end. */
	readonly packages: number;
}

export const N8N_VERSIONS: Readonly<Record<string, N8nVersion>> = {
	'2.41.1': {
		version: '2.41.1',
		nodeMajor: 24,
		// 0.18.15 needs a package that is not in the registry.
		overrides: { linkedom: '0.18.12' },
		nativeModules: ['sqlite3', 'isolated-vm'],
		environment: {},
		megabytes: 2900,
		packages: 1500,
	},
	'1.123.81': {
		version: '1.123.81',
		nodeMajor: 20,
		// n8n takes xlsx from an address of its own.
		overrides: { linkedom: '0.18.12', xlsx: '0.18.5' },
		// Its isolated-vm does not compile on Node.js 20; the engine chosen below does without.
		nativeModules: ['sqlite3'],
		environment: {
			N8N_EXPRESSION_ENGINE: 'legacy',
			// Without a pool it mixes up transactions of requests that come at once; n8n 2 always has one.
			DB_SQLITE_POOL_SIZE: '4',
			// It does not start when one is named that it does not have.
			N8N_DISABLED_MODULES: 'insights,external-secrets,mcp,chat-hub,breaking-changes',
		},
		megabytes: 1900,
		packages: 1500,
	},
};

/** The version that the demo and the end-to-end tests run unless told otherwise. */
export const DEFAULT_VERSION = '2.41.1';

/** @throws when the version is none that is known to install */
export function n8nVersion(version: string): N8nVersion {
	const known = N8N_VERSIONS[version];
	if (known === undefined) {
		throw new Error(`n8n ${version} is not known here: choose one of ${Object.keys(N8N_VERSIONS).join(', ')}`);
	}
	return known;
}
