import ts from 'typescript';

/**
 * Finds functions that do more than hand over to another function.
 *
 * @param source the text of a TypeScript file
 * @param most how many statements a function may have
 * @returns `line: number of statements` for every function that has more
 */
export function longBodies(source: string, most: number): string[] {
	const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
			const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
			const count = statementsIn(node.body);
			if (count > most) found.push(`${line + 1}: ${count}`);
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	return found;
}

/** All statements at any depth, those of functions within not counted, nor the braces around several. */
function statementsIn(body: ts.Node): number {
	let count = 0;
	const visit = (node: ts.Node): void => {
		if (ts.isFunctionLike(node)) return;
		if (ts.isStatement(node) && !ts.isBlock(node)) count += 1;
		ts.forEachChild(node, visit);
	};
	ts.forEachChild(body, visit);
	return count;
}
