import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { build } from './build.ts';
import { projectRoot } from './bundles.ts';
import { readSchool, type SchoolConfig } from './school-config.ts';
import { synth } from './synth.ts';
import { readableCode, verify } from './verify.ts';

export interface Outcome {
  readonly ok: boolean;
  readonly stdout: string;
}

/** What a deployment does to the world; tests pass their own. */
export interface World {
  /** Runs a command; `shown` commands write to the terminal instead of being read. */
  run(command: string, args: readonly string[], shown?: boolean): Outcome;
  /** Whether the URL answers `{status: 'ok'}`. */
  healthy(url: string): Promise<boolean>;
  build(): Promise<unknown>;
  /** What our checks find in the school, a line each. */
  check(school: SchoolConfig): Promise<readonly string[]>;
  say(line: string): void;
}

/**
 * Deploys one school: quotas, build, checks, `cdk deploy`, smoke test; when that fails, back to the templates as they
 * were. Returns whether the school is up.
 */
export async function deploy(school: SchoolConfig, world: World): Promise<boolean> {
  if (school.domain.endsWith('.example')) {
    world.say(
      `${school.domain} is a placeholder: give the school a domain and a certificate of its own first.`,
    );
    return false;
  }
  if (!quotasSuffice(school, world)) return false;
  await world.build();
  const findings = await world.check(school);
  for (const finding of findings) world.say(finding);
  if (findings.length > 0) return false;
  const stack = `lyceum-${school.name}-App`;
  const before = aws(world, school, [
    'cloudformation',
    'get-template',
    '--stack-name',
    stack,
    '--template-stage',
    'Original',
    '--query',
    'TemplateBody',
  ]);
  const cdk = [join(projectRoot, 'node_modules/aws-cdk/bin/cdk'), 'deploy', `lyceum-${school.name}/*`];
  const app = `${process.execPath} infra/app.ts`;
  const options = ['-c', `school=${school.name}`, '--app', app, '--require-approval', 'never'];
  if (!world.run(process.execPath, [...cdk, ...options], true).ok) {
    world.say('The deployment failed; CloudFormation has put the stack back as it was.');
    return false;
  }
  if (await smokeTest(school, stack, world)) return true;
  world.say('The smoke test failed.');
  if (before.ok) await rollBack(school, stack, before.stdout, world);
  else world.say('This was the first deployment, so there is nothing to go back to.');
  return false;
}

const quotas = [
  {
    name: 'Lambda: concurrent executions',
    args: ['lambda', 'get-account-settings', '--query', 'AccountLimit.ConcurrentExecutions'],
    // Thirteen functions; a class that signs in at once keeps about 50 busy.
    needed: () => 100,
  },
  {
    name: 'Fargate Spot: vCPUs',
    args: [
      'service-quotas',
      'get-service-quota',
      '--service-code',
      'fargate',
      '--quota-code',
      'L-36FBB829',
      '--query',
      'Quota.Value',
    ],
    needed: ({ capacity }: SchoolConfig) =>
      vcpus(capacity.max_concurrent_trainings, capacity.trainer_cpu) +
      (capacity.grader_capacity === 'spot' ? vcpus(capacity.max_graders, capacity.grader_cpu) : 0),
  },
  {
    name: 'Fargate on demand: vCPUs',
    args: [
      'service-quotas',
      'get-service-quota',
      '--service-code',
      'fargate',
      '--quota-code',
      'L-3032A538',
      '--query',
      'Quota.Value',
    ],
    needed: ({ capacity }: SchoolConfig) =>
      capacity.grader_capacity === 'spot' ? 0 : vcpus(capacity.max_graders, capacity.grader_cpu),
  },
];

function vcpus(tasks: number, cpu: number): number {
  return (tasks * cpu) / 1024;
}

/** Compares the account's quotas with what the school's file asks for; says which it could not read. */
function quotasSuffice(school: SchoolConfig, world: World): boolean {
  const results = quotas.map(({ name, args, needed }) => {
    const answer = aws(world, school, args);
    const quota = z.coerce.number().positive().safeParse(answer.stdout.trim());
    const wanted = needed(school);
    if (!answer.ok || !quota.success) {
      world.say(`${name}: not checked (needs the aws command and permission); ${wanted} are needed.`);
      return true;
    }
    const enough = quota.data >= wanted;
    world.say(`${name}: ${quota.data}, ${wanted} needed${enough ? '' : ' – ask AWS for more first'}.`);
    return enough;
  });
  world.say('Not checked: Fargate capacity in the region, API Gateway and CloudFront quotas.');
  return results.every(Boolean);
}

/** Asks the API itself rather than the domain, which may not point at the distribution yet. */
async function smokeTest(school: SchoolConfig, stack: string, world: World): Promise<boolean> {
  const query = "Stacks[0].Outputs[?OutputKey=='ApiUrl'].OutputValue | [0]";
  const { stdout } = aws(world, school, [
    'cloudformation',
    'describe-stacks',
    '--stack-name',
    stack,
    '--query',
    query,
    '--output',
    'text',
  ]);
  const url = z.httpUrl().safeParse(stdout.trim());
  if (!url.success) {
    world.say('Smoke test: the aws command did not tell the API’s address.');
    return false;
  }
  world.say(`Smoke test: ${url.data}/api/health`);
  return world.healthy(`${url.data}/api/health`);
}

/** The previous template is too large to pass along, so it goes through the bucket of the CDK's bootstrap. */
async function rollBack(school: SchoolConfig, stack: string, template: string, world: World): Promise<void> {
  const { stdout } = aws(world, school, [
    'sts',
    'get-caller-identity',
    '--query',
    'Account',
    '--output',
    'text',
  ]);
  const bucket = `cdk-hnb659fds-assets-${stdout.trim()}-${school.region}`;
  const key = `rollback/${stack}.json`;
  const folder = mkdtempSync(join(tmpdir(), 'lyceum-rollback-'));
  const file = join(folder, 'template.json');
  writeFileSync(file, template);
  const url = `https://${bucket}.s3.${school.region}.amazonaws.com/${key}`;
  const steps = [
    ['s3', 'cp', file, `s3://${bucket}/${key}`],
    [
      'cloudformation',
      'update-stack',
      '--stack-name',
      stack,
      '--template-url',
      url,
      '--capabilities',
      'CAPABILITY_NAMED_IAM',
    ],
    ['cloudformation', 'wait', 'stack-update-complete', '--stack-name', stack],
  ];
  const done = steps.every((step) => aws(world, school, step).ok);
  rmSync(folder, { recursive: true });
  world.say(
    done
      ? `${stack} is back at its previous template.`
      : `Going back failed: look at ${stack} in CloudFormation.`,
  );
}

function aws(world: World, school: SchoolConfig, args: readonly string[]): Outcome {
  return world.run('aws', [...args, '--region', school.region]);
}

const realWorld: World = {
  run(command, args, shown = false) {
    const { status, stdout } = spawnSync(command, args, {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: shown ? 'inherit' : ['ignore', 'pipe', 'inherit'],
      maxBuffer: 16 * 1024 * 1024,
    });
    return { ok: status === 0, stdout: stdout ?? '' };
  },
  async healthy(url) {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (attempt > 0) await sleep(3000);
      const reply = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
      const body: unknown = await reply?.json().catch(() => undefined);
      if (z.object({ status: z.literal('ok') }).safeParse(body).success) return true;
    }
    return false;
  },
  build: () => build(),
  async check({ name }) {
    const assembly = await synth({ school: name });
    const findings = verify({ school: name, assembly, codeOf: await readableCode() });
    return findings.map(({ rule, resource, message }) => `${rule}: ${resource}: ${message}`);
  },
  say: (line) => console.log(line),
};

if (import.meta.main) {
  const [name] = process.argv.slice(2);
  if (name === undefined) throw new Error('Usage: npm run deploy -- <school>');
  process.exitCode = (await deploy(readSchool(name), realWorld)) ? 0 : 1;
}
