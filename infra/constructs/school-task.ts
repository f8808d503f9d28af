import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  type ContainerDefinition,
  type ContainerDefinitionOptions,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Bundles, TaskName } from '../bundles.ts';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';
import type { Workload } from './bind.ts';
import { logGroup } from './log-group.ts';
import { commonEnvironment } from './school-function.ts';

export interface SchoolTaskProps {
  /** Names the bundle, the container and its log streams. */
  readonly name: TaskName;
  readonly school: SchoolConfig;
  readonly bundles: Bundles;
  readonly cpu: number;
  readonly memoryMb: number;
  /** What is particular to its one container. */
  readonly container: Pick<
    ContainerDefinitionOptions,
    'user' | 'stopTimeout' | 'linuxParameters' | 'environment'
  >;
}

/** A Fargate task of one container that runs a bundle, with a role that can do nothing else yet. */
export class SchoolTask extends Construct implements Workload {
  readonly definition: FargateTaskDefinition;
  readonly container: ContainerDefinition;
  readonly grantPrincipal: IRole;

  constructor(scope: Construct, id: string, props: SchoolTaskProps) {
    super(scope, id);
    const { name, school, bundles, cpu, memoryMb } = props;
    const arm = school.capacity.architecture === 'arm64';
    this.definition = new FargateTaskDefinition(this, 'Task', {
      cpu,
      memoryLimitMiB: memoryMb,
      runtimePlatform: {
        cpuArchitecture: arm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    this.grantPrincipal = this.definition.taskRole;
    this.container = this.definition.addContainer(name, {
      ...props.container,
      image: ContainerImage.fromAsset(bundles.tasks(name), {
        platform: arm ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
      }),
      command: ['node', 'main.mjs'],
      readonlyRootFilesystem: true,
      logging: LogDriver.awsLogs({ streamPrefix: name, logGroup: logGroup(this, 'Logs', school) }),
      environment: { ...commonEnvironment(school, name), ...props.container.environment },
    });
    this.#acknowledge();
  }

  setEnvironment(name: string, value: string): void {
    this.container.addEnvironment(name, value);
  }

  #acknowledge(): void {
    acknowledge(this.definition, {
      'AwsSolutions-ECS2':
        'The variables are names, settings and identifiers; what is secret stays in Secrets Manager.',
    });
    acknowledge(this.definition.obtainExecutionRole(), {
      'AwsSolutions-IAM5[Resource::*]': 'ecr:GetAuthorizationToken takes no resource.',
    });
  }
}
