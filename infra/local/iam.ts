/**
 * A pure evaluator of IAM identity policies.
 *
 *     evaluate(statements, { action: 'sqs:SendMessage', resource: arn, context }) ->
 *       'allowed' | 'explicit-deny' | 'implicit-deny'
 *
 * The logic is that of "Policy evaluation logic" in the IAM User Guide, for one account and identity
 * policies only: an explicit deny wins, then any allow, else the call is denied implicitly. The gateway
 * enforces roles with it, and the template tests simulate them.
 *
 * A condition operator that is not implemented throws, because guessing would grant or hide something.
 */

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: OneOrMany;
  readonly NotAction?: OneOrMany;
  readonly Resource?: OneOrMany;
  readonly NotResource?: OneOrMany;
  readonly Condition?: Condition;
}

export interface AccessRequest {
  /** `service:Operation`; compared without regard to case. */
  readonly action: string;
  /** The ARN acted on, or `*` for an operation without resource-level permission. */
  readonly resource: string;
  /** Condition keys of this request, such as `s3:prefix` or `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, OneOrMany>>;
}

export type Decision = 'allowed' | 'explicit-deny' | 'implicit-deny';

type OneOrMany = string | readonly string[];
type Condition = Readonly<Record<string, Readonly<Record<string, OneOrMany | boolean>>>>;

export const evaluate = (statements: readonly Statement[], request: AccessRequest): Decision => {
  const applying = statements.filter((statement) => applies(statement, request));
  if (applying.some((statement) => statement.Effect === 'Deny')) return 'explicit-deny';
  return applying.length > 0 ? 'allowed' : 'implicit-deny';
};

const applies = (statement: Statement, request: AccessRequest): boolean =>
  actionMatches(statement, request.action.toLowerCase()) &&
  resourceMatches(statement, request.resource) &&
  Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      conditionHolds(operator, many(wanted), contextValues(request.context, key)),
    ),
  );

const actionMatches = ({ Action, NotAction }: Statement, action: string): boolean =>
  Action !== undefined
    ? many(Action).some((pattern) => wildcard(pattern.toLowerCase(), action))
    : NotAction !== undefined && !many(NotAction).some((pattern) => wildcard(pattern.toLowerCase(), action));

const resourceMatches = ({ Resource, NotResource }: Statement, resource: string): boolean =>
  Resource !== undefined
    ? many(Resource).some((pattern) => wildcard(pattern, resource))
    : NotResource !== undefined && !many(NotResource).some((pattern) => wildcard(pattern, resource));

interface Operator {
  readonly matches: (actual: string, wanted: string) => boolean;
  readonly negated?: true;
}

const equals = (actual: string, wanted: string) => actual === wanted;
const equalsIgnoringCase = (actual: string, wanted: string) => actual.toLowerCase() === wanted.toLowerCase();
const like = (actual: string, wanted: string) => wildcard(wanted, actual);
const arnLike = (actual: string, wanted: string) => arnMatches(wanted, actual);

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: { matches: equals },
  StringNotEquals: { matches: equals, negated: true },
  StringEqualsIgnoreCase: { matches: equalsIgnoringCase },
  StringLike: { matches: like },
  StringNotLike: { matches: like, negated: true },
  ArnEquals: { matches: arnLike },
  ArnNotEquals: { matches: arnLike, negated: true },
  ArnLike: { matches: arnLike },
  ArnNotLike: { matches: arnLike, negated: true },
  Bool: { matches: equalsIgnoringCase },
};

/** Absent keys: a plain operator fails, a negated one and `…IfExists` hold, `ForAllValues` holds vacuously. */
const conditionHolds = (
  name: string,
  wanted: readonly string[],
  actual: readonly string[] | undefined,
): boolean => {
  if (name === 'Null') return wanted.some((value) => (value === 'true') === (actual === undefined));
  const { quantifier, operator, ifExists } = parseOperator(name);
  const negated = operator.negated === true;
  if (actual === undefined) {
    return ifExists || quantifier === 'ForAllValues' || (negated && quantifier === undefined);
  }
  const holds = (value: string) => wanted.some((pattern) => operator.matches(value, pattern)) !== negated;
  return quantifier === 'ForAllValues' ? actual.every(holds) : actual.some(holds);
};

const parseOperator = (name: string) => {
  const [, quantifier, base = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = operators[base];
  if (operator === undefined) throw new Error(`IAM condition operator ${name} is not implemented`);
  return { quantifier, operator, ifExists: ifExists !== undefined };
};

/** Each of the six parts of an ARN is compared alone, so that `*` does not reach into another account. */
const arnMatches = (pattern: string, arn: string): boolean => {
  const wanted = arnParts(pattern);
  const actual = arnParts(arn);
  return (
    wanted.length === actual.length && wanted.every((part, index) => wildcard(part, actual[index] ?? ''))
  );
};

const arnParts = (arn: string): string[] => {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
};

const contextValues = (context: AccessRequest['context'], key: string): readonly string[] | undefined => {
  const found = Object.entries(context ?? {}).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : many(found[1]);
};

const many = (value: OneOrMany | boolean): readonly string[] =>
  typeof value === 'boolean' ? [String(value)] : typeof value === 'string' ? [value] : value.map(String);

const compiled = new Map<string, RegExp>();

/** `*` stands for any characters, `?` for exactly one. */
const wildcard = (pattern: string, text: string): boolean => {
  if (pattern === '*') return true;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${escaped}$`, 'su');
    compiled.set(pattern, expression);
  }
  return expression.test(text);
};
