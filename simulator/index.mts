export { type OutgoingWebhook, type Payload, phpForm } from './delivery/payload.mjs';
export type { Delivery, ExecutionLink, Forgery } from './delivery/queueServer.mjs';
export type { HandlerRow } from './events.mjs';
export type { Fault, FaultOptions } from './faults.mjs';
export type { OfflineRecord } from './offline/offlineQueue.mjs';
export { outcome } from './page/deliveriesSection.mjs';
export type { SimulatorOptions } from './portal.mjs';
export { type PortalInProcess, portalInProcess, type Simulator } from './simulator.mjs';
export { startSimulator } from './startSimulator.mjs';
