/** How far an installation is. */
export interface InstallProgress {
	/** The running step, from 1. */
	step: number;
	steps: number;
	/** What the step does, e.g. "Downloading n8n 2.41.1". */
	title: string;
	/** What there is to say about how far it is, e.g. "812 of about 1,500 packages". */
	detail?: string;
	/** Since the installation began. */
	elapsedMs: number;
}

function clock(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Progress in one line for people, e.g. `[2/4] Downloading n8n 2.41.1: 812 of about 1,500 packages (1:32)`. */
export function progressLine({ step, steps, title, detail, elapsedMs }: InstallProgress): string {
	return `[${step}/${steps}] ${title}${detail === undefined ? '' : `: ${detail}`} (${clock(elapsedMs)})`;
}
