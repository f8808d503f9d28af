import type { AnyNode } from 'acorn';
import type { Remark } from './script-imports.ts';
import { bare } from './script-walk.ts';

/** Slips of beginners that the grammar allows. */
export const slipsOf = (node: AnyNode): Remark[] => rules.flatMap((rule) => rule(node));

type Rule = (node: AnyNode) => Remark[];
const rules: readonly Rule[] = [
  assignmentInCondition,
  looseEquality,
  comparisonWithNaN,
  unusedExpression,
  unreachableCode,
  emptyBody,
];

const isLoop = (node: AnyNode) =>
  node.type === 'WhileStatement' || node.type === 'DoWhileStatement' || node.type === 'ForStatement';

/** Two pairs of parentheses say that the assignment is meant. */
function assignmentInCondition(node: AnyNode): Remark[] {
  if (node.type !== 'IfStatement' && !isLoop(node)) return [];
  const { test } = node;
  if (test?.type !== 'AssignmentExpression' || test.operator !== '=') return [];
  const message = 'Write `===` to compare; `=` assigns, and the condition is the assigned value.';
  return [{ node: test, code: 'assignment_in_condition', message }];
}

const isNull = (node: AnyNode): boolean => {
  const inner = bare(node);
  return inner.type === 'Literal' && inner.raw === 'null';
};

/** `== null` is how one asks for null and undefined together. */
function looseEquality(node: AnyNode): Remark[] {
  if (node.type !== 'BinaryExpression' || (node.operator !== '==' && node.operator !== '!=')) return [];
  if (isNull(node.left) || isNull(node.right)) return [];
  const message = `Write \`${node.operator}=\`; \`${node.operator}\` converts its operands first, so that \`0 == ''\` is true.`;
  return [{ node, code: 'loose_equality', message }];
}

const isNaNName = (node: AnyNode): boolean => {
  const inner = bare(node);
  return inner.type === 'Identifier' && inner.name === 'NaN';
};

function comparisonWithNaN(node: AnyNode): Remark[] {
  if (node.type !== 'BinaryExpression' || !/^[!=]==?$/.test(node.operator)) return [];
  if (!isNaNName(node.left) && !isNaNName(node.right)) return [];
  const message = 'Use `Number.isNaN(value)`; nothing is equal to `NaN`, not even itself.';
  return [{ node, code: 'comparison_with_nan', message }];
}

function unusedExpression(node: AnyNode): Remark[] {
  if (node.type !== 'ExpressionStatement' || 'directive' in node) return [];
  const inner = bare(node.expression);
  if (inner.type === 'BinaryExpression' && /^[!=]==?$/.test(inner.operator)) {
    const message = 'Write `=` to assign; nothing uses the result of this comparison.';
    return [{ node: inner, code: 'unused_comparison', message }];
  }
  if (inner.type === 'MemberExpression' && inner.property.type === 'Identifier' && !inner.computed) {
    const message = `Write \`${inner.property.name}()\` with parentheses to call it.`;
    return [{ node: inner, code: 'missing_call', message }];
  }
  return [];
}

const leaves: Readonly<Partial<Record<AnyNode['type'], string>>> = {
  ReturnStatement: 'return',
  ThrowStatement: 'throw',
  BreakStatement: 'break',
  ContinueStatement: 'continue',
};

function statementsOf(node: AnyNode): readonly AnyNode[] {
  if (node.type === 'Program' || node.type === 'BlockStatement' || node.type === 'StaticBlock')
    return node.body;
  return node.type === 'SwitchCase' ? node.consequent : [];
}

/** Declarations of functions count from the start of their block, wherever they stand. */
const runsInPlace = (node: AnyNode): boolean =>
  node.type !== 'FunctionDeclaration' && node.type !== 'EmptyStatement';

function unreachableCode(node: AnyNode): Remark[] {
  const statements = statementsOf(node);
  const at = statements.findIndex(({ type }) => leaves[type] !== undefined);
  const leave = statements[at];
  const following = leave && statements.slice(at + 1).find(runsInPlace);
  if (!following) return [];
  const message = `Move or remove this line: it comes after \`${leaves[leave.type]}\` and never runs.`;
  return [{ node: following, code: 'unreachable_code', message }];
}

function emptyBody(node: AnyNode): Remark[] {
  if (node.type === 'IfStatement' && node.consequent.type === 'EmptyStatement')
    return [semicolon(node.consequent, 'if')];
  return statementsOf(node).flatMap((statement, index, all) => {
    if (statement.type !== 'ForStatement' && statement.type !== 'WhileStatement') return [];
    if (statement.body.type !== 'EmptyStatement' || all[index + 1]?.type !== 'BlockStatement') return [];
    return [semicolon(statement.body, statement.type === 'ForStatement' ? 'for' : 'while')];
  });
}

const semicolon = (node: AnyNode, word: string): Remark => ({
  node,
  code: 'empty_body',
  message: `Remove this semicolon: it ends the \`${word}\`, and the block after it always runs.`,
});
