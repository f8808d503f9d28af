import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Bundles,
  bundlesIn,
  functionNames,
  programSources,
  projectRoot,
  taskNames,
} from '#infra/bundles.ts';
import type { ServedDomains } from '#infra/checks/routes.ts';
import type { Domains } from '#infra/constructs/http-api.ts';
import type { SchoolConfig } from '#infra/school-config.ts';
import { synth } from '#infra/synth.ts';

const tableUse = (...methods: string[]) => methods.map((method) => `table.${method}(x);`).join('');
const queueUse = (...names: string[]) => names.map((name) => `readEnv("${name}");`).join('');
const sdkUse = (...names: string[]) => names.map((name) => `send(new ${name}Command(x));`).join('');

/** Names of objects, as a bundle makes them. */
const objectUse = (...prefixes: string[]): string => prefixes.map((one) => `\`${one}/\${id}\`;`).join('');

/** Tiny bundles that make the calls that the architecture gives to each function. */
const code: Readonly<Record<string, string>> = {
  auth: tableUse('get', 'getMany', 'query', 'insert', 'update', 'remove', 'check') + sdkUse('GetSecretValue'),
  school: tableUse('get', 'query', 'queryAll', 'insert', 'replace', 'remove'),
  banks: `${tableUse('get', 'query', 'insert', 'update', 'remove')}${objectUse('banks', 'calibrations')}${sdkUse('GetObject', 'PutObject')}`,
  testing: `${tableUse('get', 'query', 'insert', 'update', 'remove')}${objectUse('banks')}${sdkUse('GetObject')}`,
  assessment: tableUse('get', 'query', 'insert', 'update', 'remove'),
  training: tableUse('get', 'query', 'insert', 'update') + sdkUse('GetObject'),
  realtime: tableUse('get', 'insert'),
  platform: tableUse('get', 'query'),
  setup: `${tableUse('get', 'query', 'insert', 'update')}${objectUse('banks')}${sdkUse('GetSecretValue', 'GetObject', 'PutObject')}`,
  websocket: tableUse('get', 'query', 'insert', 'remove') + sdkUse('PostToConnection', 'DeleteConnection'),
  broadcast: tableUse('query', 'remove') + sdkUse('PostToConnection'),
  code: tableUse('get', 'query', 'insert', 'update', 'remove') + sdkUse('UpdateService', 'DescribeServices'),
  validator: tableUse('get'),
  policies: tableUse('get', 'query', 'insert', 'update') + sdkUse('GetObject', 'PutObject'),
  verifier:
    tableUse('get', 'query', 'insert', 'replace') + sdkUse('GetObject', 'PutObject', 'GetSecretValue'),
  projector: `${queueUse('TRAINING_QUEUE_URL', 'GRADING_QUEUE_URL', 'VERIFICATION_QUEUE_URL')}${objectUse('banks')}${sdkUse('SendMessage', 'GetObject')}`,
  dispatch: `${tableUse('get', 'query', 'update')}propagateTags;${queueUse('TRAINING_QUEUE_URL')}${sdkUse('RunTask', 'SendMessage')}`,
  reaper: `${tableUse('query', 'update')}${objectUse('banks')}${sdkUse('GetObject')}`,
  calibrator: `${tableUse('get', 'query', 'insert', 'update')}${objectUse('banks', 'calibrations')}${sdkUse('GetObject', 'PutObject')}`,
  trainer: tableUse('get', 'query', 'insert', 'update', 'check') + sdkUse('PutObject', 'GetObject'),
  grader:
    tableUse('get', 'query', 'insert', 'update', 'check', 'remove') +
    queueUse('GRADING_QUEUE_URL') +
    sdkUse('ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'),
};

export const codeOf = (workload: string): string => code[workload] ?? '';

export const domains = {
  auth: {
    function: 'auth',
    prefixes: ['/api/auth'],
    contract: { login: { method: 'POST', path: '/api/auth/login' } },
  },
  school: {
    function: 'school',
    prefixes: ['/api/core'],
    contract: { getClass: { method: 'GET', path: '/api/core/classes/{class_id}' } },
  },
  training: {
    function: 'training',
    prefixes: ['/api/training'],
    contract: {
      list: { method: 'GET', path: '/api/training' },
      start: { method: 'POST', path: '/api/training/start' },
    },
  },
  code: {
    function: 'code',
    prefixes: ['/api/code', '/api/exercises'],
    contract: {
      execute: { method: 'POST', path: '/api/code/execute' },
      listExercises: { method: 'GET', path: '/api/exercises' },
    },
  },
  validator: {
    function: 'validator',
    prefixes: ['/api/code/validate'],
    contract: { validate: { method: 'POST', path: '/api/code/validate' } },
  },
  realtime: {
    function: 'realtime',
    prefixes: ['/api/realtime'],
    contract: { createTicket: { method: 'POST', path: '/api/realtime/tickets' } },
  },
  platform: {
    function: 'platform',
    prefixes: [],
    contract: { health: { method: 'GET', path: '/api/health' } },
  },
} as const satisfies Domains & ServedDomains;

/** Bundles that stand for the built ones. */
export function fixtureBundles(folder: string): Bundles {
  const bundles = bundlesIn(folder);
  for (const name of functionNames) write(join(bundles.functions(name), 'index.mjs'), codeOf(name));
  for (const name of taskNames) {
    write(join(bundles.tasks(name), 'main.mjs'), codeOf(name));
    cpSync(join(projectRoot, `functions/tasks/${name}/Dockerfile`), join(bundles.tasks(name), 'Dockerfile'));
  }
  for (const name of Object.keys(programSources)) write(bundles.programs(name), '');
  write(join(bundles.console, 'index.html'), '<!doctype html>');
  return bundles;
}

/** Synthesises a school with the fixture's bundles; returns the stage's assembly. */
export function synthFixture(
  folder: string,
  school: string | SchoolConfig,
  options: { validate: boolean } = { validate: false },
): Promise<string> {
  const name = typeof school === 'string' ? school : school.name;
  const bundles = fixtureBundles(join(folder, 'dist'));
  return synth({ school, bundles, domains, outdir: join(folder, `cdk.out-${name}`), ...options });
}

function write(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}
