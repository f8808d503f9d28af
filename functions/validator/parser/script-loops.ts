import type { AnyNode } from 'acorn';
import type { Remark } from './script-imports.ts';
import { bare, isFunction, type Visit } from './script-walk.ts';

type Loop = Extract<AnyNode, { type: 'WhileStatement' | 'DoWhileStatement' | 'ForStatement' }>;

const isLoop = (node: AnyNode): node is Loop =>
  node.type === 'WhileStatement' || node.type === 'DoWhileStatement' || node.type === 'ForStatement';

/** Loops whose condition stays true and that nothing inside leaves. */
export function createLoops() {
  const endless = new Set<AnyNode>();
  return {
    see(visit: Visit): void {
      const { node } = visit;
      if (isLoop(node) && isAlwaysTrue(node.test)) endless.add(node);
      else if (mayLeave(node)) forgetAround(visit, endless);
    },
    remarks: (): Remark[] =>
      [...endless].map((node) => ({
        node,
        code: 'endless_loop',
        message: 'Add a `break` or a condition that becomes false; this loop never ends.',
      })),
  };
}

/** A `break` of an inner loop lets the outer ones off too: better no warning than a wrong one. */
function forgetAround({ above }: Visit, endless: Set<AnyNode>): void {
  for (let around = above; around && !isFunction(around.node) && endless.size > 0; around = around.above)
    endless.delete(around.node);
}

function isAlwaysTrue(test: AnyNode | null | undefined): boolean {
  if (!test) return true;
  const inner = bare(test);
  return inner.type === 'Literal' && Boolean(inner.value);
}

function mayLeave(node: AnyNode): boolean {
  if (/^(?:Break|Return|Throw)Statement$|^(?:Yield|Await)Expression$/.test(node.type)) return true;
  if (node.type !== 'CallExpression') return false;
  const callee = bare(node.callee);
  return callee.type === 'MemberExpression' && isNamed(callee.property, 'exit');
}

const isNamed = (node: AnyNode, name: string): boolean => node.type === 'Identifier' && node.name === name;
