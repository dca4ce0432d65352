import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '../..');
const inDocs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs.map((file) => `docs/${file}`)];

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(text: string): string[] {
	return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/\s/g, '-'),
	);
}

/** Says where a link within the repository leads to nothing. */
function broken(page: string): string[] {
	const text = readFileSync(join(root, page), 'utf8');
	const targets = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => target);
	return targets.filter((target) => {
		const [path = '', anchor] = target.split('#');
		const file = path === '' ? join(root, page) : join(dirname(join(root, page)), path);
		if (relative(root, file).startsWith('..') || !existsSync(file)) return true;
		return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
	});
}

it.each(pages)('%s has no link within the repository that leads to nothing', (page) => {
	expect(broken(page)).toEqual([]);
});
