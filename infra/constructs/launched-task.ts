import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Bundles } from '../bundles.ts';
import type { SchoolConfig } from '../school-config.ts';
import { SchoolTask } from './school-task.ts';
import type { TaskCluster } from './task-cluster.ts';

export interface LaunchedTaskProps {
  readonly name: 'trainer' | 'calibrator';
  readonly school: SchoolConfig;
  readonly bundles: Bundles;
  readonly tasks: TaskCluster;
}

/** A Fargate task that is started when there is a job for it: it trains agents and models, or calibrates items. */
export class LaunchedTask extends SchoolTask {
  readonly #variable: 'TRAINER' | 'CALIBRATOR';
  readonly #tasks: TaskCluster;

  constructor(scope: Construct, id: string, { name, school, bundles, tasks }: LaunchedTaskProps) {
    super(scope, id, {
      name,
      school,
      bundles,
      cpu: school.capacity.trainer_cpu,
      memoryMb: school.capacity.trainer_memory_mb,
      // Time to save a checkpoint and requeue after SIGTERM; Fargate allows no more.
      container: { user: 'node', stopTimeout: Duration.seconds(120) },
    });
    this.#variable = name === 'trainer' ? 'TRAINER' : 'CALIBRATOR';
    this.#tasks = tasks;
    this.definition.addVolume({ name: 'scratch' });
    this.container.addMountPoints({ containerPath: '/tmp', sourceVolume: 'scratch', readOnly: false });
  }

  get cluster() {
    return this.#tasks.cluster;
  }

  /** What a function must know to start one. */
  launchEnvironment(): Record<string, string> {
    const { cluster, network } = this.#tasks;
    return {
      CLUSTER_ARN: cluster.clusterArn,
      [`${this.#variable}_TASK_DEFINITION_ARN`]: this.definition.taskDefinitionArn,
      [`${this.#variable}_CONTAINER`]: this.container.containerName,
      TASK_SUBNETS: network.subnets.map(({ subnetId }) => subnetId).join(','),
      TASK_SECURITY_GROUP: network.taskGroup.securityGroupId,
    };
  }
}
