import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { asObject, asText, at, isObject, type Json, type JsonObject } from '../local/json.ts';

const json: z.ZodType<Json> = z.custom<Json>();
const templateSchema = z.looseObject({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z.record(z.string(), json).default({}),
      DeletionPolicy: z.string().optional(),
      UpdateReplacePolicy: z.string().optional(),
    }),
  ),
  Outputs: z
    .record(z.string(), z.object({ Value: json, Export: z.object({ Name: json }).optional() }))
    .default({}),
});
const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .looseObject({ templateFile: z.string().optional(), stackName: z.string().optional() })
        .optional(),
    }),
  ),
});

export type Template = z.output<typeof templateSchema>;
export type Resource = Template['Resources'][string];

/** Something wrong with a template: which rule, where, and what. */
export interface Finding {
  readonly rule: string;
  readonly resource: string;
  readonly message: string;
}

/** One resource with its id, as the checks pass it around. */
export interface Named {
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly resource: Resource;
}

/** The templates of one school's stacks, by stack name. */
export type Templates = Readonly<Record<string, Template>>;

/** Reads the stacks of a stage's assembly, as `synth` leaves it. */
export function readTemplates(assembly: string): Templates {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(assembly, file), 'utf8'));
  const { artifacts } = manifestSchema.parse(read('manifest.json'));
  return Object.fromEntries(
    Object.entries(artifacts).flatMap(([id, { type, properties }]) =>
      type === 'aws:cloudformation:stack' && properties?.templateFile
        ? [[properties.stackName ?? id, templateSchema.parse(read(properties.templateFile))]]
        : [],
    ),
  );
}

/** The resources of a school's stacks together, and what its references mean. */
export class SchoolTemplates {
  readonly stacks: Templates;
  readonly all: readonly Named[];
  readonly #byId: ReadonlyMap<string, Named>;

  constructor(stacks: Templates) {
    this.stacks = stacks;
    this.all = Object.values(stacks).flatMap(({ Resources }) =>
      Object.entries(Resources).map(([id, resource]) => ({
        id,
        type: resource.Type,
        properties: resource.Properties,
        resource,
      })),
    );
    this.#byId = new Map(this.all.map((named) => [named.id, named]));
  }

  ofType(...types: string[]): Named[] {
    return this.all.filter(({ type }) => types.includes(type));
  }

  find(id: string): Named | undefined {
    return this.#byId.get(id);
  }

  /** The resource that a value refers to, by `Ref`, `Fn::GetAtt` or an ARN that begins or ends with one. */
  target(value: Json | undefined): Named | undefined {
    const [, id = ''] = /<([A-Za-z0-9]+)(?:\.[A-Za-z.]+)?>/.exec(this.text(value)) ?? [];
    return this.find(id);
  }

  /**
   * A value as text in which `<Id>` stands for a `Ref` and `<Id.Attribute>` for a `Fn::GetAtt`. References to
   * the other stack are followed, so that both stacks spell a resource alike.
   */
  text(value: Json | undefined): string {
    if (!isObject(value)) return asText(value) ?? (value === undefined ? '' : JSON.stringify(value));
    const [[name, argument] = ['', null]] = Object.entries(value);
    const parts: readonly Json[] = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Ref':
        return `<${this.text(argument)}>`;
      case 'Fn::GetAtt':
        return `<${parts.map((part) => this.text(part)).join('.')}>`;
      case 'Fn::Join':
        return list(parts[1])
          .map((part) => this.text(part))
          .join(this.text(parts[0]));
      case 'Fn::Sub':
        return this.text(argument).replaceAll('${', '<').replaceAll('}', '>');
      case 'Fn::GetStackOutput': {
        const stack = this.stacks[this.text(at(argument, 'StackName'))];
        return this.text(stack?.Outputs[this.text(at(argument, 'OutputName'))]?.Value);
      }
      default:
        return JSON.stringify(value);
    }
  }
}

/** A value as a list: CloudFormation takes one string where it takes a list of one. */
export function list(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function environmentOf({ properties }: Named): JsonObject {
  return asObject(at(properties, 'Environment', 'Variables'));
}
