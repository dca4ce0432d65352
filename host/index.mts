/** A real n8n: install it, start it, put our package in, and drive it as a person at the editor does. */
export { DEFAULT_OWNER, N8nClient, type Owner } from './client/N8nClient.mjs';
export { N8nRequestError } from './client/N8nSession.mjs';
export type { Execution, ExecutionSummary } from './client/executions.mjs';
export { newestVersion } from './client/nodeTypes.mjs';
export type { TestListening } from './client/testEvents.mjs';
export type { ActivationOutcome, StoredWorkflow, WorkflowDraft, WorkflowNode } from './client/workflows.mjs';
export { installN8n, type InstallOptions, type InstallProgress, type N8nInstall, progressLine } from './install.mjs';
export { type N8nProcess, type N8nRole, startN8n, type StartOptions } from './N8nProcess.mjs';
export { installCommunityPackage, packOnce, packPackage } from './package.mjs';
