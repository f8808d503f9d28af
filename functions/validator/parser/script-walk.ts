import type { AnyNode, Function as FunctionNode } from 'acorn';

/** A node and the way to it. */
export interface Visit {
  readonly node: AnyNode;
  readonly above: Visit | undefined;
  /** The field of the node above that holds this one. */
  readonly field: string;
  readonly inFunction: boolean;
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** The fields of a node that hold nodes. */
function* children(node: AnyNode): Generator<{ readonly child: AnyNode; readonly field: string }> {
  for (const [field, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield { child, field };
  }
}

export const isFunction = (node: AnyNode): node is Extract<AnyNode, FunctionNode> =>
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression';

/** Every node in the order of the text, on a stack of its own: programs nest deeper than calls do. */
export function* walk(root: AnyNode): Generator<Visit> {
  const stack: Visit[] = [{ node: root, above: undefined, field: '', inFunction: false }];
  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    yield visit;
    const inFunction = visit.inFunction || isFunction(visit.node);
    const below = [...children(visit.node)].map(({ child, field }) => ({
      node: child,
      above: visit,
      field,
      inFunction,
    }));
    // one by one: a spread of a hundred thousand arguments overflows the call stack
    for (const next of below.reverse()) stack.push(next);
  }
}

/** An expression without the parentheses around it. */
export function bare(node: AnyNode): AnyNode {
  let inner = node;
  while (inner.type === 'ParenthesizedExpression') inner = inner.expression;
  return inner;
}
