/**
 * Keeps the page up to date while it is open, and sends its forms without leaving it. Everything works without it as
 * well, with a reload.
 */
export const LIVE_SCRIPT = `
'use strict';
const EVERY_MS = 1000;
const CONTROLS = 'a, button, input';
const offline = document.getElementById('offline');

/** Replaces the parts that have changed; ticks and the keyboard's place stay. */
function show(markup) {
	const fresh = new DOMParser().parseFromString(markup, 'text/html');
	for (const part of document.querySelectorAll('[data-live]')) {
		const next = fresh.getElementById(part.id);
		if (!next || next.innerHTML === part.innerHTML) continue;
		const focused = part.contains(document.activeElement) ? document.activeElement : null;
		const place = [...part.querySelectorAll(CONTROLS)].indexOf(focused);
		const ticked = [...part.querySelectorAll(':checked')].map(({ id }) => id);
		part.replaceChildren(...next.childNodes);
		for (const id of ticked) {
			const box = document.getElementById(id);
			if (box) box.checked = true;
		}
		if (!focused) continue;
		const same = focused.id && document.getElementById(focused.id);
		(same || part.querySelectorAll(CONTROLS)[place] || part.closest('section').querySelector('h2')).focus();
	}
}

async function load(url, options) {
	try {
		const response = await fetch(url, options);
		show(await response.text());
		offline.hidden = true;
		return response.ok;
	} catch {
		offline.hidden = false;
		return false;
	}
}

document.addEventListener('submit', async (event) => {
	const form = event.target;
	event.preventDefault();
	const body = new URLSearchParams(new FormData(form, event.submitter));
	const sent = await load(form.action, { method: 'POST', body });
	if (sent && 'clear' in form.dataset) form.reset();
	const output = form.querySelector('output');
	if (output) output.value = sent ? 'Saved.' : '';
});

async function follow() {
	if (!document.hidden) await load('/');
	setTimeout(follow, EVERY_MS);
}
setTimeout(follow, EVERY_MS);
`;
