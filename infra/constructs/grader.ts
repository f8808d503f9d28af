import { Capability, FargateService, LinuxParameters, PropagatedTagSource } from 'aws-cdk-lib/aws-ecs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Bundles } from '../bundles.ts';
import type { SchoolConfig } from '../school-config.ts';
import { SchoolTask } from './school-task.ts';
import type { TaskCluster } from './task-cluster.ts';

export interface GraderProps {
  readonly school: SchoolConfig;
  readonly bundles: Bundles;
  readonly tasks: TaskCluster;
}

/**
 * What Docker gives a container beyond SETUID, SETGID and KILL, with which the supervisor makes its runners strangers
 * and ends them. Fargate refuses to add any capability to "none" but SYS_PTRACE, so the others are dropped by name.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html
 */
const dropped = [
  Capability.AUDIT_WRITE,
  Capability.CHOWN,
  Capability.DAC_OVERRIDE,
  Capability.FOWNER,
  Capability.FSETID,
  Capability.MKNOD,
  Capability.NET_BIND_SERVICE,
  Capability.NET_RAW,
  Capability.SETFCAP,
  Capability.SETPCAP,
  Capability.SYS_CHROOT,
];

/** The Fargate service that runs and grades students' programs. */
export class Grader extends Construct {
  readonly task: SchoolTask;
  readonly service: FargateService;

  constructor(scope: Construct, id: string, { school, bundles, tasks }: GraderProps) {
    super(scope, id);
    const { grader_cpu, grader_memory_mb, grader_capacity } = school.capacity;
    const linuxParameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(...dropped);
    this.task = new SchoolTask(this, 'Supervisor', {
      name: 'grader',
      school,
      bundles,
      cpu: grader_cpu,
      memoryMb: grader_memory_mb,
      container: {
        // Root only to start its runners as nobody.
        user: '0',
        linuxParameters,
        // The longest submission takes 20 s; what cannot end goes back to the queue.
        stopTimeout: Duration.seconds(30),
        environment: {
          GRADER_SLOTS: String(Math.floor(grader_cpu / 1024)),
          GRADER_REUSE: school.grading.reuse ? 'on' : 'off',
        },
      },
    });
    const { cluster, network } = tasks;
    this.service = new FargateService(this, 'Service', {
      cluster,
      taskDefinition: this.task.definition,
      // No desired count: a deployment keeps what the hours, the backlog and the students have made of it.
      capacityProviderStrategies: [
        { capacityProvider: grader_capacity === 'spot' ? 'FARGATE_SPOT' : 'FARGATE', weight: 1 },
      ],
      assignPublicIp: true,
      securityGroups: [network.taskGroup],
      vpcSubnets: { subnets: network.subnets },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { rollback: true },
      propagateTags: PropagatedTagSource.TASK_DEFINITION,
    });
  }
}
