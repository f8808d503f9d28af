import { asFlag, asList, asNumber, asObject, asText, at, type Json, textList } from '../json.ts';
import type { Model } from '../model.ts';

/** One container of a task definition, and the folder that its image is built from. */
export interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly stopTimeoutS: number;
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  /** CPU units; 1024 are one vCPU. */
  readonly cpu: number;
  readonly memoryMb: number;
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
  readonly networkMode: string;
  readonly container: Container;
}

/** Fargate's default and its maximum. */
const stopTimeout = { standard: 30, longest: 120 };

const environmentOf = (pairs: Json | undefined): Record<string, string> =>
  Object.fromEntries(
    asList(pairs).map((pair) => [asText(at(pair, 'Name')) ?? '', asText(at(pair, 'Value')) ?? '']),
  );

function containerOf(definition: Json | undefined, images: ReadonlyMap<string, string>): Container {
  const fields = asObject(definition);
  const name = asText(fields['Name']) ?? '';
  const tag = (asText(fields['Image']) ?? '').split(':').at(-1) ?? '';
  const folder = images.get(tag);
  if (folder === undefined) throw new Error(`The image of container ${name} is no asset of this app`);
  if (asList(fields['Secrets']).length > 0) throw new Error(`Secrets of container ${name} are not handled`);
  return {
    name,
    command: [...textList(fields['EntryPoint']), ...textList(fields['Command'])],
    environment: environmentOf(fields['Environment']),
    folder,
    stopTimeoutS: Math.min(asNumber(fields['StopTimeout']) ?? stopTimeout.standard, stopTimeout.longest),
  };
}

/** The task definitions of the template, by ARN. Tasks of one container are handled: a process each. */
export function taskDefinitions(model: Model): ReadonlyMap<string, TaskDefinition> {
  return new Map(
    model.ofType('AWS::ECS::TaskDefinition').map(({ ref, logicalId, properties, stack }) => {
      const containers = asList(properties['ContainerDefinitions']).filter((one) =>
        asFlag(at(one, 'Essential') ?? true),
      );
      if (containers.length !== 1)
        throw new Error(`${logicalId}: only tasks of one essential container are handled`);
      return [
        ref,
        {
          arn: ref,
          family: asText(properties['Family']) ?? logicalId,
          cpu: asNumber(properties['Cpu']) ?? 256,
          memoryMb: asNumber(properties['Memory']) ?? 512,
          taskRoleArn: asText(properties['TaskRoleArn']),
          executionRoleArn: asText(properties['ExecutionRoleArn']),
          networkMode: asText(properties['NetworkMode']) ?? 'awsvpc',
          container: containerOf(containers[0], stack.images),
        },
      ];
    }),
  );
}
