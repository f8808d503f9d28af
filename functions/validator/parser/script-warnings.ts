import type { Program } from 'acorn';
import { type createPlaces, mixedName, type Warning } from '#shared/domain/grading/source-rules.ts';
import { forbiddenImports, type Remark } from './script-imports.ts';
import { createNames } from './script-names.ts';
import { slipsOf } from './script-slips.ts';
import { walk } from './script-walk.ts';

/** What the rules say of a program that parses; each looks at the tree, none at the text. */
export function scriptWarnings(
  tree: Program,
  forbidden: readonly string[],
  places: ReturnType<typeof createPlaces>,
): Warning[] {
  const names = createNames();
  const remarks: Remark[] = [];
  const mixed: Warning[] = [];
  for (const visit of walk(tree)) {
    const { node } = visit;
    names.see(visit);
    remarks.push(...forbiddenImports(node, forbidden), ...slipsOf(node));
    if (node.type === 'Identifier') mixed.push(...mixedName(node.name, places.range(node.start, node.end)));
  }
  const placed = [...remarks, ...names.remarks()].map(({ node, code, message }) => ({
    code,
    message,
    ...places.range(node.start, node.end),
  }));
  return [...placed, ...mixed];
}
