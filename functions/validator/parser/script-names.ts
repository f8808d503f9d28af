import type { AnyNode, Identifier } from 'acorn';
import { missedNames, offeredNames } from './script-globals.ts';
import type { Remark } from './script-imports.ts';
import type { Visit } from './script-walk.ts';

type Seen = Map<string, Identifier>;
const note = (seen: Seen, node: Identifier): void => {
  if (!seen.has(node.name)) seen.set(node.name, node);
};

/** Names are taken over the whole program, without scopes: one counts as declared when anything declares it. */
export function createNames() {
  const declared: Seen = new Map();
  const assigned: Seen = new Map();
  const read: Seen = new Map();
  const inFunctions: Seen = new Map();
  let unknowable = false;

  return {
    see(visit: Visit): void {
      const { node } = visit;
      // names come and go through these that no text shows
      if (node.type === 'WithStatement') unknowable = true;
      if (node.type !== 'Identifier') return;
      if (node.name === 'eval') unknowable = true;
      const role = roleOf(visit);
      if (role === 'declaration') note(declared, node);
      else if (role === 'assignment') note(assigned, node);
      else if (role === 'use') note(read, node);
      if (isLocalVariable(visit)) note(inFunctions, node);
    },
    remarks(): Remark[] {
      const hiding = [...declared.values()].filter(({ name }) => missedNames.has(name)).map(shadowing);
      if (unknowable) return hiding;
      const known = (name: string) => declared.has(name) || offeredNames.has(name);
      const unknown: Seen = new Map();
      const nowhere = [...assigned.values(), ...read.values()].filter(({ name }) => !known(name));
      for (const node of nowhere.sort((one, other) => one.start - other.start)) note(unknown, node);
      const unread = [...inFunctions.values()].filter(({ name }) => !read.has(name));
      return [...hiding, ...[...unknown.values()].map(undeclared), ...unread.map(unused)];
    },
  };
}

const shadowing = (node: Identifier): Remark => ({
  node,
  code: 'shadowed_builtin',
  message: `Choose another name than \`${node.name}\`, which hides the built-in \`${node.name}\`.`,
});
const undeclared = (node: Identifier): Remark => ({
  node,
  code: 'undefined_name',
  message: `Declare \`${node.name}\` with \`const\` or \`let\`, or correct its spelling; nothing declares it.`,
});
const unused = (node: Identifier): Remark => ({
  node,
  code: 'unused_variable',
  message: `Use \`${node.name}\` or remove it; nothing reads this value.`,
});

/** Of a declaration in a function, that is not the variable of a for loop. */
function isLocalVariable({ node, above, field, inFunction }: Visit): boolean {
  if (!inFunction || node.type !== 'Identifier' || node.name.startsWith('_')) return false;
  if (above?.node.type !== 'VariableDeclarator' || field !== 'id') return false;
  return !/^For(?:Of|In)Statement$/.test(above.above?.above?.node.type ?? '');
}

/** What an identifier does where it stands; `none` is the name of a property or a label. */
function roleOf(visit: Visit): 'declaration' | 'assignment' | 'use' | 'none' {
  const { above, field } = visit;
  const around = above?.node;
  switch (around?.type) {
    case 'MemberExpression':
      return field === 'property' && !around.computed ? 'none' : 'use';
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      if (field === 'key' && !around.computed) return 'none';
      break;
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
      return 'none';
    case 'UnaryExpression':
      // typeof may ask for what is not there
      return around.operator === 'typeof' ? 'none' : 'use';
  }
  return bindingOf(visit) ?? 'use';
}

/** Whether what stands here is declared or assigned, through the patterns around it. */
function bindingOf({ above, field }: Visit): 'declaration' | 'assignment' | undefined {
  if (!above) return undefined;
  const around: AnyNode = above.node;
  switch (around.type) {
    case 'ObjectPattern':
    case 'ArrayPattern':
    case 'RestElement':
      return bindingOf(above);
    case 'Property':
      return above.above?.node.type === 'ObjectPattern' ? bindingOf(above) : undefined;
    case 'AssignmentPattern':
      return field === 'left' ? bindingOf(above) : undefined;
    case 'VariableDeclarator':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return field === 'id' ? 'declaration' : undefined;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return field === 'id' || field === 'params' ? 'declaration' : undefined;
    case 'CatchClause':
      return field === 'param' ? 'declaration' : undefined;
    case 'AssignmentExpression':
      return field === 'left' && around.operator === '=' ? 'assignment' : undefined;
    case 'ForOfStatement':
    case 'ForInStatement':
      return field === 'left' ? 'assignment' : undefined;
    default:
      return undefined;
  }
}
