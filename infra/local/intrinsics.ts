import { asList, asText, isObject, type Json, type JsonObject } from './json.ts';

/** What a template may refer to outside itself. */
export interface Scope {
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, Json | undefined>>;
  readonly conditions: JsonObject;
  readonly mappings: JsonObject;
  /** `Ref` of a resource of this stack. */
  ref(logicalId: string): Json;
  /** `Fn::GetAtt` of a resource of this stack. */
  attribute(logicalId: string, name: string): Json;
  /** CDK's weak cross-stack reference: an output of another stack, read when the template is applied. */
  stackOutput(stackName: string, output: string): Json;
  /** The value of a dynamic reference `{{resolve:secretsmanager:…}}`. */
  secret(reference: string): string;
}

type Resolved = Json | undefined;
type Intrinsic = (argument: Json, scope: Scope) => Resolved;

const text = (value: Resolved): string => asText(value) ?? '';

const pseudoParameter = (name: string, scope: Scope): Resolved => {
  switch (name) {
    case 'AWS::Region':
      return scope.region;
    case 'AWS::AccountId':
      return scope.accountId;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return scope.stackName;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${scope.region}:${scope.accountId}:stack/${scope.stackName}/local`;
    case 'AWS::NoValue':
      return undefined;
    default:
      throw new Error(`Unknown pseudo parameter ${name}`);
  }
};

function reference(name: string, scope: Scope): Resolved {
  if (name.startsWith('AWS::')) return pseudoParameter(name, scope);
  return name in scope.parameters ? scope.parameters[name] : scope.ref(name);
}

function attribute(path: string, scope: Scope): Json {
  const dot = path.indexOf('.');
  return scope.attribute(path.slice(0, dot), path.slice(dot + 1));
}

function substitute(template: string, variables: JsonObject, scope: Scope): string {
  return template.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const given = variables[name];
    if (given !== undefined) return text(resolveValue(given, scope));
    return text(name.includes('.') ? attribute(name, scope) : reference(name, scope));
  });
}

/** Evaluates a condition function, or the name of one of the template's conditions. */
export function holds(condition: Json | undefined, scope: Scope): boolean {
  if (typeof condition === 'string') return holds(scope.conditions[condition], scope);
  if (!isObject(condition)) return false;
  const [[name, argument] = ['', null]] = Object.entries(condition);
  const parts = asList(argument);
  switch (name) {
    case 'Condition':
      return holds(argument, scope);
    case 'Fn::And':
      return parts.every((part) => holds(part, scope));
    case 'Fn::Or':
      return parts.some((part) => holds(part, scope));
    case 'Fn::Not':
      return !holds(parts[0], scope);
    case 'Fn::Equals':
      return text(resolveValue(parts[0] ?? null, scope)) === text(resolveValue(parts[1] ?? null, scope));
    default:
      throw new Error(`Unknown condition function ${name}`);
  }
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => reference(text(name), scope),
  'Fn::GetAtt': (path, scope) =>
    attribute(
      Array.isArray(path) ? path.map((one) => text(resolveValue(one, scope))).join('.') : text(path),
      scope,
    ),
  'Fn::Join': (argument, scope) => {
    const [separator = '', parts = []] = asList(argument);
    return asList(resolveValue(parts, scope)).map(text).join(text(separator));
  },
  'Fn::Sub': (argument, scope) => {
    const [template = null, variables = {}] = Array.isArray(argument) ? argument : [argument];
    return substitute(text(template), isObject(variables) ? variables : {}, scope);
  },
  'Fn::Select': (argument, scope) => {
    const [index = 0, list = []] = asList(argument);
    return asList(resolveValue(list, scope))[Number(resolveValue(index, scope))];
  },
  'Fn::Split': (argument, scope) => {
    const [separator = '', source = ''] = asList(argument);
    return text(resolveValue(source, scope)).split(text(separator));
  },
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue = null, whenFalse = null] = asList(argument);
    return resolveValue(holds(condition, scope) ? whenTrue : whenFalse, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const keys = asList(resolveValue(argument, scope)).map(text);
    return keys.reduce<Resolved>((inner, key) => (isObject(inner) ? inner[key] : undefined), scope.mappings);
  },
  'Fn::Base64': (argument, scope) => Buffer.from(text(resolveValue(argument, scope))).toString('base64'),
  'Fn::GetAZs': (_, scope) => ['a', 'b', 'c'].map((zone) => scope.region + zone),
  'Fn::GetStackOutput': (argument, scope) => {
    const { StackName, OutputName } = isObject(argument) ? argument : {};
    return scope.stackOutput(text(resolveValue(StackName ?? null, scope)), text(OutputName));
  },
  'Fn::ImportValue': () => {
    throw new Error('Fn::ImportValue is not handled: cross-stack references are weak (Fn::GetStackOutput)');
  },
};

const dynamicReference = /\{\{resolve:secretsmanager:([^}]+)\}\}/g;

/**
 * Replaces every intrinsic function in a template value, as CloudFormation does when it applies the template.
 * `undefined` stands for `AWS::NoValue`: the property or list entry that has it disappears.
 */
export function resolveValue(value: Json, scope: Scope): Resolved {
  if (typeof value === 'string') {
    return value.includes('{{resolve:')
      ? value.replace(dynamicReference, (_, reference: string) => scope.secret(reference))
      : value;
  }
  if (Array.isArray(value)) {
    return value.flatMap((one: Json) => {
      const resolved = resolveValue(one, scope);
      return resolved === undefined ? [] : [resolved];
    });
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const intrinsic = intrinsics[first[0]];
    if (intrinsic !== undefined) return intrinsic(first[1], scope);
    if (first[0].startsWith('Fn::')) throw new Error(`${first[0]} is not handled`);
  }
  return Object.fromEntries(
    entries.flatMap(([key, one]) => {
      const resolved = resolveValue(one, scope);
      return resolved === undefined ? [] : [[key, resolved]];
    }),
  );
}
