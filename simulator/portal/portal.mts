import type { QueueServer } from '../delivery/queueServer.mjs';
import type { PortalCore } from './portalCore.mjs';

/** The portal together with the queue server that calls its handlers. */
export interface Portal extends PortalCore {
	queueServer: QueueServer;
}
