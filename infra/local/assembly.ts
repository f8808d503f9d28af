import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import type { Json } from './json.ts';

const json: z.ZodType<Json> = z.custom<Json>();
const section = z.record(z.string(), json).default({});

const manifestSchema = z.object({
  artifacts: z
    .record(
      z.string(),
      z.object({
        type: z.string(),
        environment: z.string().optional(),
        properties: z
          .object({
            templateFile: z.string().optional(),
            stackName: z.string().optional(),
            directoryName: z.string().optional(),
          })
          .default({}),
      }),
    )
    .default({}),
});

const resourceSchema = z.object({
  Type: z.string(),
  Properties: section,
  Condition: z.string().optional(),
  Metadata: section,
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema).default({}),
  Outputs: z.record(z.string(), z.object({ Value: json })).default({}),
  Parameters: z.record(z.string(), z.object({ Default: json.optional() })).default({}),
  Conditions: section,
  Mappings: section,
});

const assetsSchema = z.object({
  files: z.record(z.string(), z.object({ source: z.object({ path: z.string() }) })).default({}),
  dockerImages: z
    .record(z.string(), z.object({ source: z.object({ directory: z.string().optional() }) }))
    .default({}),
});

export type Template = z.output<typeof templateSchema>;
export type Resource = z.output<typeof resourceSchema>;

/** One stack of a cloud assembly: its template, and where its assets lie on this disk. */
export interface Stack {
  readonly name: string;
  /** `undefined` when the stack was synthesised without an environment. */
  readonly region: string | undefined;
  readonly template: Template;
  /** Asset hash -> absolute path of the file or folder. */
  readonly files: ReadonlyMap<string, string>;
  /** Image tag -> absolute path of the Docker build context. */
  readonly images: ReadonlyMap<string, string>;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

function loadStack(directory: string, name: string, templateFile: string, environment?: string): Stack {
  const assets = assetsSchema.parse(
    readJson(join(directory, templateFile.replace('.template.json', '.assets.json'))),
  );
  const region = environment?.split('/').at(-1);
  return {
    name,
    region: region === undefined || region.startsWith('unknown') ? undefined : region,
    template: templateSchema.parse(readJson(join(directory, templateFile))),
    files: new Map(
      Object.entries(assets.files).map(([hash, { source }]) => [hash, resolve(directory, source.path)]),
    ),
    images: new Map(
      Object.entries(assets.dockerImages).flatMap(([tag, { source }]) =>
        source.directory === undefined ? [] : [[tag, resolve(directory, source.directory)] as const],
      ),
    ),
  };
}

/** Reads a cloud assembly, the nested assemblies of its stages included. */
export function loadAssembly(directory: string): Stack[] {
  const { artifacts } = manifestSchema.parse(readJson(join(directory, 'manifest.json')));
  return Object.entries(artifacts).flatMap(([id, { type, environment, properties }]) => {
    if (type === 'cdk:cloud-assembly' && properties.directoryName !== undefined) {
      return loadAssembly(join(directory, properties.directoryName));
    }
    if (type !== 'aws:cloudformation:stack' || properties.templateFile === undefined) return [];
    return [loadStack(directory, properties.stackName ?? id, properties.templateFile, environment)];
  });
}
