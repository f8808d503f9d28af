import { createServer, type Server } from 'node:http';
import type { Task } from './task-store.ts';

/** The task metadata endpoint, version 4: `GET /v4/<task id>` and `/v4/<task id>/task`, on loopback. */
export class TaskMetadata {
  readonly #server: Server;
  readonly #url: string;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.#url = url;
  }

  static start(taskById: (id: string) => Task | undefined): Promise<TaskMetadata> {
    const server = createServer((request, response) => {
      const [, version, id = '', part] = (request.url ?? '').split('/');
      const task = version === 'v4' ? taskById(id) : undefined;
      if (task === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(part === 'task' ? taskView(task) : containerView(task)));
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        resolve(new TaskMetadata(server, `http://127.0.0.1:${port}`));
      });
    });
  }

  /** The value of ECS_CONTAINER_METADATA_URI_V4 for a task. */
  urlOf(taskId: string): string {
    return `${this.#url}/v4/${taskId}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const containerView = (task: Task): object => ({
  DockerId: `${taskIdOf(task.taskArn)}-0`,
  Name: task.containerName,
  DesiredStatus: task.desiredStatus,
  KnownStatus: task.lastStatus,
  Labels: {
    'com.amazonaws.ecs.cluster': task.clusterArn,
    'com.amazonaws.ecs.task-arn': task.taskArn,
    'com.amazonaws.ecs.container-name': task.containerName,
  },
});

const taskView = (task: Task): object => ({
  Cluster: task.clusterArn,
  TaskARN: task.taskArn,
  Family: task.taskDefinitionArn.split('/').at(-1)?.split(':')[0],
  Revision: task.taskDefinitionArn.split(':').at(-1),
  DesiredStatus: task.desiredStatus,
  KnownStatus: task.lastStatus,
  LaunchType: 'FARGATE',
  Limits: { CPU: Number(task.cpu) / 1024, Memory: Number(task.memory) },
  Containers: [containerView(task)],
});

export const taskIdOf = (taskArn: string): string => taskArn.split('/').at(-1) ?? taskArn;
