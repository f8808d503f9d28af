import type { Json } from '#infra/local/json.ts';

/** A template as plain data that a test may damage. */
export type Damaged = Record<string, { Resources: Record<string, Node> }>;
type Node = { [key: string]: Json | Node };
type Path = readonly (string | number)[];

/** Picks resources by type and by a part of their logical id. */
export interface Pick {
  readonly type: string;
  readonly id?: RegExp;
}

const matches = (pick: Pick, id: string, node: Node): boolean =>
  node['Type'] === pick.type && (pick.id?.test(id) ?? true);

/** The picked resources; at least one, or the test would plant nothing. */
function picked(templates: Damaged, pick: Pick): [Record<string, Node>, string, Node][] {
  const found = Object.values(templates).flatMap(({ Resources }) =>
    Object.entries(Resources)
      .filter(([id, node]) => matches(pick, id, node))
      .map(([id, node]): [Record<string, Node>, string, Node] => [Resources, id, node]),
  );
  if (found.length === 0) throw new Error(`Nothing to damage: ${pick.type} ${pick.id ?? ''}`);
  return found;
}

export function drop(pick: Pick): (templates: Damaged) => void {
  return (templates) => {
    for (const [resources, id] of picked(templates, pick)) delete resources[id];
  };
}

/** Replaces what stands at `path` in the picked resources; `undefined` removes it. */
export function set(pick: Pick, path: Path, value: Json | undefined): (templates: Damaged) => void {
  return (templates) => {
    for (const [, , node] of picked(templates, pick)) setAt(node, path, value);
  };
}

function setAt(node: Node, path: Path, value: Json | undefined): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    if (value === undefined) delete node[key];
    else node[key] = value;
    return;
  }
  node[key] ??= {};
  setAt(node[key] as Node, rest, value);
}

/** Replaces text in the picked resources' JSON. */
export function rewrite(pick: Pick, from: string, to: string): (templates: Damaged) => void {
  return (templates) => {
    for (const [resources, id, node] of picked(templates, pick)) {
      const before = JSON.stringify(node);
      const after = before.replaceAll(from, to);
      if (before === after) throw new Error(`${id} does not contain ${from}`);
      resources[id] = JSON.parse(after);
    }
  };
}

/** Adds a resource to every stack that has one of `like`. */
export function add(like: Pick, id: string, resource: Json): (templates: Damaged) => void {
  return (templates) => {
    for (const [resources] of picked(templates, like)) resources[id] = resource as Node;
  };
}
