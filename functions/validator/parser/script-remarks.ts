import type { Program } from 'acorn';
import { mixedName } from '#shared/domain/grading/source-rules.ts';
import { forbiddenImports, type Remark } from './script-imports.ts';
import { createLoops } from './script-loops.ts';
import { createNames } from './script-names.ts';
import { slipsOf } from './script-slips.ts';
import { walk } from './script-walk.ts';

/** What the rules say of a program that parses; each looks at the tree, none at the text. */
export function scriptRemarks(tree: Program, forbidden: readonly string[]): Remark[] {
  const names = createNames();
  const loops = createLoops();
  const remarks: Remark[] = [];
  for (const visit of walk(tree)) {
    const { node } = visit;
    names.see(visit);
    loops.see(visit);
    remarks.push(...forbiddenImports(node, forbidden), ...slipsOf(node));
    if (node.type === 'Identifier')
      remarks.push(...mixedName(node.name).map((advice) => ({ node, ...advice })));
  }
  return [...remarks, ...loops.remarks(), ...names.remarks()];
}
