/** Where a subscription's events go: to a URL of ours, or into a queue of the portal's. */
export type Address = { kind: 'online'; handler: string } | { kind: 'offline'; connector: string | null };
