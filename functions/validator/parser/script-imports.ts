import type { AnyNode } from 'acorn';
import { bare } from './script-walk.ts';

/** What a rule says of a node. */
export interface Remark {
  readonly node: AnyNode;
  readonly code: string;
  readonly message: string;
}

/** `require` and `import()` of modules that the policy forbids. */
export function forbiddenImports(node: AnyNode, forbidden: readonly string[]): Remark[] {
  const module = moduleOf(node);
  if (module === undefined) return [];
  const name = constantText(module);
  if (name === undefined) {
    const message = 'Name the module in quotes; what a computed name imports cannot be checked.';
    return forbidden.length > 0 ? [{ node, code: 'dynamic_import', message }] : [];
  }
  const rule = forbidden.find((one) => covers(withoutScheme(one), withoutScheme(name)));
  if (rule === undefined) return [];
  const message = `Solve the task without \`${rule}\`, which may not be imported here.`;
  return [{ node, code: 'forbidden_import', message }];
}

/** The expression that names the module which a node imports. */
function moduleOf(node: AnyNode): AnyNode | undefined {
  if (node.type === 'ImportExpression') return bare(node.source);
  if (node.type !== 'CallExpression' || !isRequire(bare(node.callee))) return undefined;
  const [first] = node.arguments;
  return first && bare(first);
}

/** `require`, `module.require`, `globalThis['require']`. */
function isRequire(callee: AnyNode): boolean {
  if (callee.type === 'Identifier') return callee.name === 'require';
  if (callee.type !== 'MemberExpression') return false;
  const { property } = callee;
  return callee.computed
    ? constantText(bare(property)) === 'require'
    : property.type === 'Identifier' && property.name === 'require';
}

function constantText(node: AnyNode): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}

const withoutScheme = (name: string): string => name.replace(/^node:/, '');
const covers = (rule: string, name: string): boolean => name === rule || name.startsWith(`${rule}/`);
