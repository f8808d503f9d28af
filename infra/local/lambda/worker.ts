/**
 * The inside of one Lambda execution environment: a worker thread that imports the bundle once (the init phase) and
 * then runs one invocation at a time. Its `process.env` is the function's environment and nothing else.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Invocation, Reply, WorkerSetting } from './protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

const port = parentPort;
if (port === null) throw new Error('This file runs in a worker thread only');
const setting: WorkerSetting = workerData;

const errorReply = (thrown: unknown, fallbackType: string): Reply => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    ok: false,
    error: {
      errorType: error.name === 'Error' ? fallbackType : error.name,
      errorMessage: error.message,
      trace: (error.stack ?? '').split('\n'),
    },
  };
};

async function load(): Promise<Handler> {
  if (setting.compileCache !== undefined) enableCompileCache(setting.compileCache);
  const module: Record<string, unknown> = await import(pathToFileURL(setting.file).href);
  const handler = module[setting.exportName];
  if (typeof handler === 'function') return (event, context) => handler(event, context);
  const missing = new Error(`${setting.exportName} is not exported by ${setting.file}`);
  missing.name = 'Runtime.HandlerNotFound';
  throw missing;
}

const contextOf = ({ requestId, deadline }: Invocation): object => ({
  callbackWaitsForEmptyEventLoop: true,
  awsRequestId: requestId,
  functionName: setting.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: setting.functionArn,
  memoryLimitInMB: String(setting.memoryMb),
  logGroupName: `/aws/lambda/${setting.functionName}`,
  logStreamName: setting.logStreamName,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

async function run(handler: Handler, invocation: Invocation): Promise<Reply> {
  try {
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    return { ok: true, result: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return errorReply(error, 'Error');
  }
}

try {
  const handler = await load();
  port.on('message', (invocation: Invocation) => {
    void run(handler, invocation).then((reply) => port.postMessage(reply));
  });
  port.postMessage({ ok: true, result: 'ready' } satisfies Reply);
  flushCompileCache();
} catch (error) {
  port.postMessage(errorReply(error, 'Runtime.ImportModuleError'));
  port.close();
}
