import { createHash, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Publish } from '../events/event-bus.ts';
import type { Exit, Leashed } from '../leash.ts';
import type { LogFiles } from '../log-files.ts';
import { errorIn } from '../notices.ts';
import { AwsError } from '../services/aws/call.ts';
import type { Sqlite } from '../services/aws/sqlite.ts';
import { TaskMetadata, taskIdOf } from './metadata.ts';
import type { RunTaskRequest } from './requests.ts';
import type { TaskDefinition } from './task-definitions.ts';
import { startTaskProcess } from './task-process.ts';
import { type Task, TaskStore } from './task-store.ts';
import { taskEvent } from './views.ts';

export interface ClusterOptions {
  readonly arn: string;
  readonly state: Sqlite;
  readonly logs: LogFiles;
  readonly scratch: string;
  readonly publish: Publish;
  /** AWS_* variables that a role gives a process. */
  readonly credentials: (roleArn: string | undefined) => Readonly<Record<string, string>>;
  /** What the environment of a container becomes on this machine. */
  readonly localise: (environment: Readonly<Record<string, string>>) => Record<string, string>;
  /** CPU units that a group of tasks shares out; one vCPU is 1024. Default: this machine's. */
  readonly cpu?: number;
  /** The adverse mode: whether this launch meets a lack of capacity. */
  readonly refuses?: () => boolean;
  readonly failed: (error: unknown) => void;
  /** Tells of what a task did wrong. */
  readonly warn: (text: string) => void;
}

export interface Launch {
  readonly tasks: readonly Task[];
  readonly failures: readonly { readonly reason: string; readonly detail: string }[];
}

const logOf = ({ containerName, taskArn }: Task): string => `tasks/${containerName}-${taskIdOf(taskArn)}`;

const servicePrefix = /^service:/;
const groupOf = ({ family }: TaskDefinition, request: RunTaskRequest): string =>
  request.group ?? `family:${family}`;

/** Longest wait for tasks when the whole platform stops; afterwards SIGKILL, as a lost machine would. */
const shutdownGraceMs = 20_000;

/** An ECS cluster on one machine: a process per task, each group limited by CPU units, each change told to EventBridge. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #store: TaskStore;
  readonly #processes = new Map<string, Leashed>();
  readonly #metadata: TaskMetadata;
  readonly #stopListeners: ((task: Task) => void)[] = [];
  #closing = false;

  private constructor(options: ClusterOptions, store: TaskStore, metadata: TaskMetadata) {
    this.#options = options;
    this.#store = store;
    this.#metadata = metadata;
  }

  static async open(options: ClusterOptions): Promise<Cluster> {
    const store = new TaskStore(options.state);
    const arnOf = (id: string) => `${options.arn.replace(':cluster/', ':task/')}/${id}`;
    const metadata = await TaskMetadata.start((id) => store.get(arnOf(id)));
    return new Cluster(options, store, metadata);
  }

  /** Reports the tasks that died with an earlier run. */
  recover(): void {
    this.#store.forgetOld();
    for (const task of this.#store.live()) {
      this.#stopped(task, {
        exitCode: 137,
        stopCode: 'TerminationNotice',
        stoppedReason: 'The host of the task was lost',
      });
    }
  }

  /** Tasks that have not stopped, then those that stopped within the hour. */
  tasks(): Task[] {
    return [...this.#store.live(), ...this.#store.recentlyStopped()];
  }

  launch(definition: TaskDefinition, request: RunTaskRequest): Launch {
    const { clientToken, count = 1 } = request;
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    const earlier = clientToken === undefined ? undefined : this.#store.byClientToken(clientToken);
    if (earlier !== undefined) {
      if (earlier.request === fingerprint) return { tasks: earlier.tasks, failures: [] };
      throw new AwsError('ConflictException', 'The client token was used with other parameters');
    }
    const tasks: Task[] = [];
    const failures: Launch['failures'][number][] = [];
    for (let index = 0; index < count; index += 1) {
      if (this.#hasRoom(definition, groupOf(definition, request)))
        tasks.push(this.#start(definition, request, fingerprint));
      else failures.push({ reason: 'RESOURCE:CPU', detail: 'No capacity is left on this machine' });
    }
    return { tasks, failures };
  }

  /** Starts one task of a service; undefined when there is no room for it. */
  launchFor(group: string, definition: TaskDefinition): Task | undefined {
    if (!this.#hasRoom(definition, group)) return undefined;
    const startedBy = `ecs-svc/${group.replace(servicePrefix, '')}`;
    return this.#start(definition, { taskDefinition: definition.arn, group, startedBy }, '');
  }

  /** Tells of every task that has stopped, for whatever reason. */
  onStopped(listener: (task: Task) => void): void {
    this.#stopListeners.push(listener);
  }

  /** SIGTERM, then SIGKILL after the container's stop timeout. */
  stop(arnOrId: string, reason: string): Task {
    const task = this.#find(arnOrId);
    if (task === undefined)
      throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
    const child = this.#processes.get(task.taskArn);
    if (task.lastStatus === 'STOPPED' || child === undefined) return task;
    const stopping: Task = {
      ...task,
      desiredStatus: 'STOPPED',
      stoppingAt: Date.now(),
      stopCode: 'UserInitiated',
      stoppedReason: reason,
      version: task.version + 1,
    };
    this.#store.save(stopping);
    child
      .stop('SIGTERM', this.#stopTimeouts.get(task.taskArn) ?? shutdownGraceMs)
      .catch(this.#options.failed);
    return stopping;
  }

  find(arnOrId: string): Task | undefined {
    return this.#find(arnOrId);
  }

  get running(): number {
    return this.#processes.size;
  }

  /** Gives every task the time to save its work, and waits until they have stopped. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#processes.values()].map((child) => child.stop('SIGTERM', shutdownGraceMs)));
    this.#metadata.close();
  }

  readonly #stopTimeouts = new Map<string, number>();

  #find(arnOrId: string): Task | undefined {
    const id = taskIdOf(arnOrId);
    return this.#store.get(`${this.#options.arn.replace(':cluster/', ':task/')}/${id}`);
  }

  /**
   * The first task of a group always fits: a laptop with fewer cores than the task asks for still trains. Groups take
   * no room from each other, for much of their time they wait: a calibration does not queue behind idle trainers.
   */
  #hasRoom({ cpu }: TaskDefinition, group: string): boolean {
    if (this.#closing || this.#options.refuses?.()) return false;
    const capacity = this.#options.cpu ?? availableParallelism() * 1024;
    const rivals = this.#store.live().filter((task) => task.group === group);
    const used = rivals.reduce((sum, task) => sum + Number(task.cpu), 0);
    return used === 0 || used + cpu <= capacity;
  }

  #start(definition: TaskDefinition, request: RunTaskRequest, fingerprint: string): Task {
    const { arn, state } = this.#options;
    const id = randomBytes(16).toString('hex');
    const task: Task = {
      taskArn: `${arn.replace(':cluster/', ':task/')}/${id}`,
      clusterArn: arn,
      taskDefinitionArn: definition.arn,
      containerName: definition.container.name,
      lastStatus: 'PENDING',
      desiredStatus: 'RUNNING',
      startedBy: request.startedBy,
      group: groupOf(definition, request),
      cpu: String(definition.cpu),
      memory: String(definition.memoryMb),
      overrides: request.overrides ?? {},
      createdAt: Date.now(),
      version: 1,
    };
    // Recorded before the process exists: a crash in between is reported as a task that stopped.
    state.transaction(() => this.#store.add(task, request.clientToken, fingerprint));
    this.#spawn(definition, request, task);
    return task;
  }

  #spawn(definition: TaskDefinition, request: RunTaskRequest, task: Task): void {
    const { container } = definition;
    const { logs, scratch, credentials, localise, failed } = this.#options;
    const id = taskIdOf(task.taskArn);
    const override = request.overrides?.containerOverrides?.find(({ name }) => name === container.name);
    const extra = Object.fromEntries((override?.environment ?? []).map(({ name, value }) => [name, value]));
    const child = startTaskProcess({
      definition,
      taskId: id,
      command: override?.command ?? container.command,
      environment: {
        ...credentials(definition.taskRoleArn),
        AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
        ECS_CONTAINER_METADATA_URI_V4: this.#metadata.urlOf(id),
        ...localise(container.environment),
        ...extra,
      },
      scratch,
      onLine: (line) => {
        logs.write(logOf(task), line);
        const error = errorIn(line);
        if (error !== undefined) this.#options.warn(`${container.name}: ${error} (logs/${logOf(task)}.log)`);
      },
    });
    this.#processes.set(task.taskArn, child);
    this.#stopTimeouts.set(task.taskArn, container.stopTimeoutS * 1000);
    this.#change({ ...task, lastStatus: 'RUNNING', startedAt: Date.now(), version: 2 });
    child.exited.then((exit) => this.#exited(task.taskArn, exit)).catch(failed);
  }

  #exited(taskArn: string, { code, signal }: Exit): void {
    this.#processes.delete(taskArn);
    this.#stopTimeouts.delete(taskArn);
    const task = this.#store.get(taskArn);
    if (task === undefined) return;
    if (code !== 0 && task.desiredStatus === 'RUNNING' && !this.#closing) {
      this.#options.warn(
        `${task.containerName} ended with exit code ${code ?? signal} (logs/${logOf(task)}.log)`,
      );
    }
    this.#stopped(task, {
      exitCode: code ?? (signal === 'SIGTERM' ? 143 : 137),
      stopCode: task.stopCode ?? 'EssentialContainerExited',
      stoppedReason: task.stoppedReason ?? 'Essential container in task exited',
    });
  }

  #stopped(task: Task, outcome: Pick<Task, 'exitCode' | 'stopCode' | 'stoppedReason'>): void {
    const stopped: Task = {
      ...task,
      ...outcome,
      lastStatus: 'STOPPED',
      desiredStatus: 'STOPPED',
      stoppedAt: Date.now(),
      version: task.version + 1,
    };
    this.#change(stopped);
    for (const listener of this.#stopListeners) listener(stopped);
  }

  /** One transaction for the task and what its event sets off: a crash loses neither. */
  #change(task: Task): void {
    this.#options.state.transaction(() => {
      this.#store.save(task);
      this.#options.publish(taskEvent(task));
    });
  }
}
