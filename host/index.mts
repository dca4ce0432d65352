/** A real n8n: install it, start it, put our package in, and drive it as a person at the editor does. */
export { DEFAULT_OWNER, N8nClient, type Owner } from './client/N8nClient.mjs';
export { N8nRequestError } from './client/N8nRequestError.mjs';
export type { ActivationOutcome } from './client/activate.mjs';
export type { Execution, ExecutionSummary } from './client/executions.mjs';
export type { TestListening } from './client/listenForTestEvent.mjs';
export type { StoredWorkflow, WorkflowDraft, WorkflowNode } from './client/workflows.mjs';
export type { N8nInstall } from './install/N8nInstall.mjs';
export { installN8n, type InstallOptions } from './install/installN8n.mjs';
export { progressLine, type InstallProgress } from './install/InstallProgress.mjs';
export { installCommunityPackage } from './package/installCommunityPackage.mjs';
export { packOnce } from './package/packOnce.mjs';
export { packPackage } from './package/packPackage.mjs';
export type { N8nProcess } from './start/N8nProcess.mjs';
export type { N8nRole } from './start/n8nRole.mjs';
export { startN8n, type StartOptions } from './start/startN8n.mjs';
