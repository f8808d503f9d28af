import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Cluster,
  type ContainerDefinition,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Bundles } from '../bundles.ts';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';
import type { Workload } from './bind.ts';
import { logGroup } from './log-group.ts';
import { Network } from './network.ts';
import { commonEnvironment } from './school-function.ts';

const containerName = 'trainer';

/** The Fargate task that trains agents and models, and the cluster it runs in. */
export class Trainer extends Construct implements Workload {
  readonly cluster: Cluster;
  readonly task: FargateTaskDefinition;
  readonly grantPrincipal: IRole;
  readonly #container: ContainerDefinition;
  readonly #network: Network;

  constructor(scope: Construct, id: string, props: { school: SchoolConfig; bundles: Bundles }) {
    super(scope, id);
    const { school, bundles } = props;
    this.#network = new Network(this, 'Network', school);
    this.cluster = spotCluster(this, this.#network);
    const arm = school.capacity.architecture === 'arm64';
    this.task = new FargateTaskDefinition(this, 'Task', {
      cpu: school.capacity.trainer_cpu,
      memoryLimitMiB: school.capacity.trainer_memory_mb,
      runtimePlatform: {
        cpuArchitecture: arm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      volumes: [{ name: 'scratch' }],
    });
    this.grantPrincipal = this.task.taskRole;
    this.#container = this.task.addContainer(containerName, {
      image: ContainerImage.fromAsset(bundles.tasks('trainer'), {
        platform: arm ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
      }),
      command: ['node', 'main.mjs'],
      user: 'node',
      readonlyRootFilesystem: true,
      // Time to save a checkpoint and requeue after SIGTERM; Fargate allows no more.
      stopTimeout: Duration.seconds(120),
      logging: LogDriver.awsLogs({ streamPrefix: containerName, logGroup: logGroup(this, 'Logs', school) }),
      environment: commonEnvironment(school, containerName),
    });
    this.#container.addMountPoints({ containerPath: '/tmp', sourceVolume: 'scratch', readOnly: false });
    this.#acknowledge();
  }

  setEnvironment(name: string, value: string): void {
    this.#container.addEnvironment(name, value);
  }

  /** What a function must know to start a trainer. */
  launchEnvironment(): Record<string, string> {
    return {
      CLUSTER_ARN: this.cluster.clusterArn,
      TRAINER_TASK_DEFINITION_ARN: this.task.taskDefinitionArn,
      TRAINER_CONTAINER: containerName,
      TRAINER_SUBNETS: this.#network.subnetIds.join(','),
      TRAINER_SECURITY_GROUP: this.#network.taskGroup.securityGroupId,
    };
  }

  #acknowledge(): void {
    acknowledge(this.task, {
      'AwsSolutions-ECS2':
        'The variables are names, settings and identifiers; what is secret stays in Secrets Manager.',
    });
    acknowledge(this.task.obtainExecutionRole(), {
      'AwsSolutions-IAM5[Resource::*]': 'ecr:GetAuthorizationToken takes no resource.',
    });
  }
}

/** Spot by default: an interrupted training is requeued and goes on. */
function spotCluster(scope: Construct, network: Network): Cluster {
  const cluster = new Cluster(scope, 'Cluster', {
    vpc: network.vpc,
    enableFargateCapacityProviders: true,
    containerInsightsV2: ContainerInsights.DISABLED,
  });
  cluster.addDefaultCapacityProviderStrategy([
    { capacityProvider: 'FARGATE_SPOT', weight: 1 },
    { capacityProvider: 'FARGATE', weight: 0 },
  ]);
  acknowledge(cluster, {
    'AwsSolutions-ECS4':
      'Trainers report their own metrics; Container Insights would cost more than the tasks.',
  });
  return cluster;
}
