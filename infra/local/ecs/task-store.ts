import * as z from 'zod';
import type { Sqlite } from '../services/aws/sqlite.ts';
import { overrides } from './requests.ts';

const taskSchema = z.object({
  taskArn: z.string(),
  clusterArn: z.string(),
  taskDefinitionArn: z.string(),
  containerName: z.string(),
  lastStatus: z.enum(['PENDING', 'RUNNING', 'STOPPED']),
  desiredStatus: z.enum(['RUNNING', 'STOPPED']),
  startedBy: z.string().optional(),
  group: z.string(),
  cpu: z.string(),
  memory: z.string(),
  overrides,
  createdAt: z.number(),
  startedAt: z.number().optional(),
  stoppingAt: z.number().optional(),
  stoppedAt: z.number().optional(),
  stopCode: z.string().optional(),
  stoppedReason: z.string().optional(),
  exitCode: z.number().optional(),
  version: z.number(),
});

/** One task, times in milliseconds since the epoch. */
export type Task = z.output<typeof taskSchema>;

/** ECS forgets stopped tasks after about an hour, client tokens after a day. */
const stoppedVisibleMs = 3_600_000;
const tokenMs = 24 * 3_600_000;

interface Row {
  readonly body: string;
  readonly request: string;
}

/** The tasks of a cluster, kept across restarts. */
export class TaskStore {
  readonly #state: Sqlite;

  constructor(state: Sqlite) {
    this.#state = state;
  }

  save(task: Task): void {
    this.#state.run(
      'UPDATE task SET status = ?, stopped_at = ?, body = ? WHERE arn = ?',
      task.lastStatus,
      task.stoppedAt ?? null,
      JSON.stringify(task),
      task.taskArn,
    );
  }

  add(task: Task, clientToken: string | undefined, request: string): void {
    this.#state.run(
      'INSERT INTO task (arn, status, client_token, request, created_at, body) VALUES (?, ?, ?, ?, ?, ?)',
      task.taskArn,
      task.lastStatus,
      clientToken ?? null,
      request,
      task.createdAt,
      JSON.stringify(task),
    );
  }

  get(arn: string): Task | undefined {
    const row = this.#state.get<Row>('SELECT body FROM task WHERE arn = ?', arn);
    return row === undefined ? undefined : parse(row);
  }

  /** Tasks that have not stopped. */
  live(): Task[] {
    return this.#state
      .all<Row>("SELECT body FROM task WHERE status <> 'STOPPED' ORDER BY created_at")
      .map(parse);
  }

  recentlyStopped(): Task[] {
    const since = Date.now() - stoppedVisibleMs;
    return this.#state
      .all<Row>('SELECT body FROM task WHERE stopped_at > ? ORDER BY created_at', since)
      .map(parse);
  }

  /** What an earlier RunTask with this client token started, and what it asked for. */
  byClientToken(token: string): { readonly request: string; readonly tasks: Task[] } | undefined {
    const rows = this.#state.all<Row>(
      'SELECT body, request FROM task WHERE client_token = ? AND created_at > ?',
      token,
      Date.now() - tokenMs,
    );
    const [first] = rows;
    return first === undefined ? undefined : { request: first.request, tasks: rows.map(parse) };
  }

  forgetOld(): void {
    this.#state.run("DELETE FROM task WHERE status = 'STOPPED' AND created_at < ?", Date.now() - tokenMs);
  }
}

const parse = ({ body }: Pick<Row, 'body'>): Task => taskSchema.parse(JSON.parse(body));
