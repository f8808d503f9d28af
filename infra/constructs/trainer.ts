import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Bundles } from '../bundles.ts';
import type { SchoolConfig } from '../school-config.ts';
import { SchoolTask } from './school-task.ts';
import type { TaskCluster } from './task-cluster.ts';

export interface TrainerProps {
  readonly school: SchoolConfig;
  readonly bundles: Bundles;
  readonly tasks: TaskCluster;
}

/** The Fargate task that trains agents and models. */
export class Trainer extends SchoolTask {
  readonly #tasks: TaskCluster;

  constructor(scope: Construct, id: string, { school, bundles, tasks }: TrainerProps) {
    super(scope, id, {
      name: 'trainer',
      school,
      bundles,
      cpu: school.capacity.trainer_cpu,
      memoryMb: school.capacity.trainer_memory_mb,
      // Time to save a checkpoint and requeue after SIGTERM; Fargate allows no more.
      container: { user: 'node', stopTimeout: Duration.seconds(120) },
    });
    this.#tasks = tasks;
    this.definition.addVolume({ name: 'scratch' });
    this.container.addMountPoints({ containerPath: '/tmp', sourceVolume: 'scratch', readOnly: false });
  }

  get cluster() {
    return this.#tasks.cluster;
  }

  /** What a function must know to start a trainer. */
  launchEnvironment(): Record<string, string> {
    const { cluster, network } = this.#tasks;
    return {
      CLUSTER_ARN: cluster.clusterArn,
      TRAINER_TASK_DEFINITION_ARN: this.definition.taskDefinitionArn,
      TRAINER_CONTAINER: this.container.containerName,
      TRAINER_SUBNETS: network.subnets.map(({ subnetId }) => subnetId).join(','),
      TRAINER_SECURITY_GROUP: network.taskGroup.securityGroupId,
    };
  }
}
