import { asNumber, asText } from '../json.ts';
import type { Deployed, Model } from '../model.ts';
import type { Sqlite } from '../services/aws/sqlite.ts';
import type { Cluster } from './cluster.ts';
import type { TaskDefinition } from './task-definitions.ts';
import type { Task } from './task-store.ts';

export interface ServiceSetting {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly definition: TaskDefinition;
  /** How many tasks a service that nobody has updated yet keeps. */
  readonly desiredCount: number;
}

/** Waits before a task that ended is replaced. */
export interface Patience {
  /** After a task that was killed: the machine, not the program, ended it. */
  readonly killedMs: number;
  /** After a task that ended by itself; doubled each time, up to the longest. */
  readonly failedMs: number;
  readonly longestMs: number;
  /** A task that lived so long was sound: the next wait is a short one again. */
  readonly soundMs: number;
}

const standardPatience: Patience = { killedMs: 250, failedMs: 500, longestMs: 60_000, soundMs: 10_000 };

/** As ECS numbers the tasks of a service among all tasks. */
export const groupOf = (serviceName: string): string => `service:${serviceName}`;

/**
 * An ECS service: keeps its desired count of tasks running, as processes of this machine. The count is kept across
 * restarts, as a deployment whose template omits it keeps it on AWS.
 */
export class Service {
  readonly setting: ServiceSetting;
  readonly #cluster: Cluster;
  readonly #state: Sqlite;
  readonly #patience: Patience;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #active = false;

  constructor(setting: ServiceSetting, cluster: Cluster, state: Sqlite, patience = standardPatience) {
    this.setting = setting;
    this.#cluster = cluster;
    this.#state = state;
    this.#patience = patience;
    cluster.onStopped((task) => this.#lost(task));
  }

  get desired(): number {
    const row = this.#state.get<{ desired: number }>(
      'SELECT desired FROM service WHERE arn = ?',
      this.setting.arn,
    );
    return row?.desired ?? this.setting.desiredCount;
  }

  /** Its tasks that are wanted and have not stopped, oldest first. */
  tasks(): Task[] {
    const group = groupOf(this.setting.name);
    return this.#cluster
      .tasks()
      .filter((task) => task.group === group && task.desiredStatus === 'RUNNING')
      .filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  }

  start(): void {
    this.#active = true;
    this.#reconcile();
  }

  /** Replaces no task any more; those that run are the cluster's to end. */
  stop(): void {
    this.#active = false;
    clearTimeout(this.#timer);
  }

  setDesired(count: number): void {
    this.#state.run('INSERT OR REPLACE INTO service (arn, desired) VALUES (?, ?)', this.setting.arn, count);
    this.#reconcile();
  }

  #reconcile(): void {
    if (!this.#active) return;
    clearTimeout(this.#timer);
    const tasks = this.tasks();
    const surplus = tasks.length - this.desired;
    for (const { taskArn } of tasks.slice(0, Math.max(0, surplus)))
      this.#cluster.stop(taskArn, 'Scaling activity initiated by the service');
    for (let missing = -surplus; missing > 0; missing -= 1) {
      if (this.#cluster.launchFor(groupOf(this.setting.name), this.setting.definition)) continue;
      // No room: somebody else's task has to end first.
      this.#later(this.#patience.failedMs);
      return;
    }
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reconcile(), ms);
    this.#timer.unref();
  }

  #lost(task: Task): void {
    if (!this.#active || task.group !== groupOf(this.setting.name)) return;
    if (task.stopCode === 'UserInitiated') this.#reconcile();
    else this.#later(this.#waitAfter(task));
  }

  #waitAfter({ exitCode, startedAt = 0, stoppedAt = 0 }: Task): number {
    const { killedMs, failedMs, longestMs, soundMs } = this.#patience;
    if (exitCode === 137) return killedMs;
    if (stoppedAt - startedAt >= soundMs) this.#failures = 0;
    this.#failures += 1;
    return Math.min(longestMs, failedMs * 2 ** (this.#failures - 1));
  }
}

/** The services of the template. */
export function createServices(
  model: Model,
  clusters: ReadonlyMap<string, Cluster>,
  definitions: ReadonlyMap<string, TaskDefinition>,
  state: Sqlite,
): Service[] {
  return model.ofType('AWS::ECS::Service').map((one) => {
    const [clusterArn, cluster] = clusterOf(one, clusters);
    const definition = definitions.get(asText(one.properties['TaskDefinition']) ?? '');
    if (definition === undefined) throw new Error(`${one.logicalId} runs no task definition of the template`);
    const setting = {
      arn: one.ref,
      name: one.attribute('Name'),
      clusterArn,
      definition,
      // CloudFormation's default; a template that scales omits the count.
      desiredCount: asNumber(one.properties['DesiredCount']) ?? 1,
    };
    return new Service(setting, cluster, state);
  });
}

function clusterOf({ properties, logicalId }: Deployed, clusters: ReadonlyMap<string, Cluster>) {
  const name = asText(properties['Cluster']) ?? 'default';
  const found = [...clusters].find(([arn]) => arn === name || arn.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`${logicalId} runs in no cluster of the template`);
  return found;
}
