import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import type { SchoolConfig } from '../school-config.ts';
import { acknowledge } from './acknowledge.ts';
import { Network } from './network.ts';

/** Where all tasks of a school run. */
export class TaskCluster extends Construct {
  readonly cluster: Cluster;
  readonly network: Network;

  constructor(scope: Construct, id: string, school: SchoolConfig) {
    super(scope, id);
    this.network = new Network(this, 'Network', school);
    this.cluster = new Cluster(this, 'Cluster', {
      vpc: this.network.vpc,
      enableFargateCapacityProviders: true,
      containerInsightsV2: ContainerInsights.DISABLED,
    });
    // Spot by default: an interrupted training is requeued and goes on.
    this.cluster.addDefaultCapacityProviderStrategy([
      { capacityProvider: 'FARGATE_SPOT', weight: 1 },
      { capacityProvider: 'FARGATE', weight: 0 },
    ]);
    acknowledge(this.cluster, {
      'AwsSolutions-ECS4':
        'Tasks report their own metrics; Container Insights would cost more than the tasks.',
    });
  }
}
