const privateHost =
	/^(?:127\.|10\.|192\.168\.|169\.254\.|0\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+$|\.(?:local|internal|lan|home|localhost|test)$/;

/** Whether a host is reached within its own network only. */
export function isPrivateHost(hostname: string): boolean {
	return !hostname.includes('.') || privateHost.test(hostname);
}
