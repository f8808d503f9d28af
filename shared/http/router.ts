import type { Contract, Method, Operation } from '../contracts/operation.ts';

interface Node {
  readonly literal: Map<string, Node>;
  param: Node | undefined;
  readonly operations: Map<Method, Found>;
}
interface Found {
  readonly name: string;
  readonly operation: Operation;
  /** Of the path's parameters, from left to right. */
  readonly names: readonly string[];
}
const emptyNode = (): Node => ({ literal: new Map(), param: undefined, operations: new Map() });

export type Match =
  | {
      readonly kind: 'found';
      readonly name: string;
      readonly operation: Operation;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'no_method'; readonly allowed: readonly string[] }
  | { readonly kind: 'no_path' };

const segments = (path: string): string[] => path.split('/').slice(1);

const decode = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

/**
 * A trie over the contract's paths: literal segments win over parameters, and finding an operation costs one
 * map look-up a segment.
 */
export function createRouter(contract: Contract): (method: string, path: string) => Match {
  const root = emptyNode();
  for (const [name, operation] of Object.entries(contract)) {
    let node = root;
    for (const segment of segments(operation.path)) {
      if (segment.startsWith('{')) {
        node.param ??= emptyNode();
        node = node.param;
      } else {
        const next = node.literal.get(segment) ?? emptyNode();
        node.literal.set(segment, next);
        node = next;
      }
    }
    if (node.operations.has(operation.method))
      throw new Error(`two operations at ${operation.method} ${operation.path}`);
    const names = [...operation.path.matchAll(/\{([a-z_]+)\}/g)].map(([, param]) => param ?? '');
    node.operations.set(operation.method, { name, operation, names });
  }

  const find = (
    node: Node,
    rest: readonly string[],
    values: readonly string[],
  ): [Node, readonly string[]] | undefined => {
    const [segment, ...later] = rest;
    if (segment === undefined) return node.operations.size > 0 ? [node, values] : undefined;
    const literal = node.literal.get(segment);
    const found = literal && find(literal, later, values);
    if (found) return found;
    const value = node.param && segment !== '' ? decode(segment) : undefined;
    return node.param && value !== undefined ? find(node.param, later, [...values, value]) : undefined;
  };

  return (method, path) => {
    const found = find(root, segments(path), []);
    if (!found) return { kind: 'no_path' };
    const [node, values] = found;
    const hit = node.operations.get(method as Method);
    if (!hit) return { kind: 'no_method', allowed: [...node.operations.keys()].sort() };
    const { name, operation, names } = hit;
    const params = Object.fromEntries(names.map((param, index) => [param, values[index] ?? '']));
    return { kind: 'found', name, operation, params };
  };
}
