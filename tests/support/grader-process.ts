/** Graders as ECS starts them: processes of the bundled task, which may be killed at any moment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runnerFolder } from '#tests/integration/sandbox/world.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The task's bundle, beside its runner; kept from one test run to the next. */
async function graderBundle(): Promise<string> {
  const folder = fileURLToPath(await runnerFolder());
  await build({
    absWorkingDir: projectRoot,
    entryPoints: { main: 'functions/tasks/grader/main.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'warning',
    banner: {
      js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);",
    },
  });
  return `${folder}main.mjs`;
}

/** What tells a task who it is. */
async function startMetadata() {
  const server = createServer((request, response) => {
    const [, worker] = (request.url ?? '').split('/');
    response.end(JSON.stringify({ TaskARN: `arn:task/${worker}` }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { uri: (worker: string) => `http://127.0.0.1:${port}/${worker}`, stop: () => server.close() };
}

/** The environment of this process has the endpoints: call it after `startBackground()` and `aSchool()`. */
export async function graderProcesses() {
  const [program, metadata] = [await graderBundle(), await startMetadata()];
  const running = new Set<ChildProcess>();
  let number = 0;
  const start = () => {
    const name = `grader-${++number}`;
    const task = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        GRADER_SLOTS: '2',
        GRADER_REUSE: 'on',
        ECS_CONTAINER_METADATA_URI_V4: metadata.uri(name),
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        NODE_OPTIONS: '',
      },
      stdio: 'ignore',
    });
    running.add(task);
    const ended = once(task, 'exit').then(([code, signal]) => {
      running.delete(task);
      return { code, signal };
    });
    return { worker: `arn:task/${name}`, task, ended };
  };
  const stop = async (): Promise<void> => {
    for (const task of running) task.kill('SIGKILL');
    metadata.stop();
  };
  return { start, stop };
}
