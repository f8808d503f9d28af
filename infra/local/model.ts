import type { Stack } from './assembly.ts';
import { holds, resolveValue, type Scope } from './intrinsics.ts';
import { asObject, isObject, type JsonObject } from './json.ts';
import { attributeOf, type Identity, referenceTo, standing } from './resources.ts';

export const accountId = '000000000000';

/** One resource of the applied template: intrinsics resolved, physical name known. */
export interface Deployed {
  readonly logicalId: string;
  readonly type: string;
  readonly stack: Stack;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
  /** The value of `Ref`. */
  readonly ref: string;
  attribute(name: string): string;
}

export interface Model {
  readonly region: string;
  readonly accountId: string;
  /** Resources of these types, in the template's order. */
  ofType(...types: readonly string[]): Deployed[];
  /** Resource types that are neither handled nor deliberately ignored. */
  unknownTypes(): string[];
}

export interface ModelOptions {
  readonly stacks: readonly Stack[];
  readonly gateway: string;
  /** ARNs of the secrets, by name; may be filled after the model is made. */
  readonly secretArns?: ReadonlyMap<string, string>;
  readonly secret?: (reference: string) => string;
}

/** Stacks without an environment of their own run in CloudFormation's oldest region. */
export const regionOf = (stacks: readonly Stack[]): string =>
  stacks.find((stack) => stack.region !== undefined)?.region ?? 'us-east-1';

const noSecret = (reference: string): never => {
  throw new Error(`Dynamic reference ${reference} is not handled`);
};

/** Applies the templates of an assembly: every value that the local services need, by resource. */
export function applyTemplates(options: ModelOptions): Model {
  const { stacks, gateway, secretArns = new Map() } = options;
  const region = regionOf(stacks);
  const scopes = new Map<string, Scope>();

  const identity = (stack: Stack, logicalId: string): Identity => {
    const resource = stack.template.Resources[logicalId];
    if (resource === undefined) throw new Error(`${stack.name} has no resource ${logicalId}`);
    const named =
      standing(resource.Type).state === 'handled' ? nameProperties(stack, resource.Properties) : {};
    return {
      logicalId,
      type: resource.Type,
      stackName: stack.name,
      region,
      accountId,
      gateway,
      secretArns,
      properties: named,
    };
  };

  /** Only what names are made of: resolving all properties here would go round in circles. */
  const nameProperties = (stack: Stack, properties: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(properties).flatMap(([key, value]) => {
        if (!/Name$|^Family$|^ProtocolType$|^Cluster$/.test(key)) return [];
        const resolved = resolveValue(value, scopeOf(stack));
        return resolved === undefined ? [] : [[key, resolved]];
      }),
    );

  const scopeOf = (stack: Stack): Scope => {
    const known = scopes.get(stack.name);
    if (known !== undefined) return known;
    const { Parameters, Conditions, Mappings } = stack.template;
    const scope: Scope = {
      region,
      accountId,
      stackName: stack.name,
      parameters: Object.fromEntries(
        Object.entries(Parameters).map(([name, { Default }]) => [name, Default]),
      ),
      conditions: Conditions,
      mappings: Mappings,
      ref: (logicalId) => referenceTo(identity(stack, logicalId)),
      attribute: (logicalId, name) => attributeOf(identity(stack, logicalId), name),
      stackOutput: (stackName, output) => {
        const other = stacks.find(({ name }) => name === stackName);
        const declared = other?.template.Outputs[output];
        if (other === undefined || declared === undefined)
          throw new Error(`No output ${output} in ${stackName}`);
        return resolveValue(declared.Value, scopeOf(other)) ?? null;
      },
      secret: options.secret ?? noSecret,
    };
    scopes.set(stack.name, scope);
    return scope;
  };

  const deployed = stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, { Condition }]) => Condition === undefined || holds(Condition, scopeOf(stack)))
      .map(([logicalId, resource]) => ({ stack, logicalId, resource })),
  );

  const deploy = ({ stack, logicalId, resource }: (typeof deployed)[number]): Deployed => {
    const properties = resolveValue(resource.Properties, scopeOf(stack));
    return {
      logicalId,
      type: resource.Type,
      stack,
      properties: isObject(properties) ? properties : {},
      metadata: asObject(resource.Metadata),
      ref: referenceTo(identity(stack, logicalId)),
      attribute: (name) => attributeOf(identity(stack, logicalId), name),
    };
  };

  return {
    region,
    accountId,
    ofType: (...types) => deployed.filter(({ resource }) => types.includes(resource.Type)).map(deploy),
    unknownTypes: () => [
      ...new Set(
        deployed.map(({ resource }) => resource.Type).filter((type) => standing(type).state === 'unknown'),
      ),
    ],
  };
}
