import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { build as buildAll } from '#infra/build.ts';
import { bundlesIn, functionNames, functionSources, projectRoot } from '#infra/bundles.ts';
import { type Figure, median } from './measure.ts';

const runs = 5;

/** What every function needs to be loaded at all. */
const environment = {
  PATH: process.env['PATH'] ?? '',
  AWS_REGION: 'eu-west-1',
  TABLE_NAME: 'table',
  SCHOOL: 'bench',
  SCHOOL_SETTINGS: JSON.stringify({
    organization: { name: 'Bench', type: 'school' },
    admin_email: 'admin@bench.example',
    self_registration: 'students',
    seed_content: false,
    demo_sign_in: false,
    time_zone: 'UTC',
    flags: {},
    limits: {
      max_concurrent_trainings: 1,
      max_trainings_per_student: 1,
      max_waiting_trainings_per_student: 1,
      max_training_steps: 1_000_000,
      max_training_minutes: 1,
      trainer_idle_s: 1,
      max_runs_per_student: 1,
      runs_per_minute: 1,
      source_characters: 1000,
    },
    retention: { events_days: 1, checkpoints_days: 1 },
  }),
  PUBLIC_ORIGINS: 'https://bench.example',
  WEBSOCKET_ENDPOINT: 'https://socket.example/ws',
  TRAINING_QUEUE_URL: 'https://queue.example/1/q',
  GRADING_QUEUE_URL: 'https://queue.example/1/g',
  VERIFICATION_QUEUE_URL: 'https://queue.example/1/v',
  GRADER_SERVICE: 'grader',
  ARTIFACTS_BUCKET: 'bucket',
  SIGNING_SECRET_ARN: 'arn',
  ORIGIN_SECRET_ARN: 'arn',
  RECEIPT_SECRET_ARN: 'arn',
  BOARD_SECRET_ARN: 'arn',
  ADMIN_SECRET_ARN: 'arn',
  CLUSTER_ARN: 'arn',
  TRAINER_TASK_DEFINITION_ARN: 'arn',
  TRAINER_CONTAINER: 'trainer',
  CALIBRATOR_TASK_DEFINITION_ARN: 'arn:aws:ecs:eu-west-1:000000000000:task-definition/calibrator:1',
  CALIBRATOR_CONTAINER: 'calibrator',
  TASK_SUBNETS: 'subnet',
  TASK_SECURITY_GROUP: 'sg',
};

/** CPU milliseconds that a new process spends on importing a module, beyond an empty one's. */
function importCpuMs(module: string): number {
  const program = `const before = process.cpuUsage(); await import(${JSON.stringify(module)}); const { user, system } = process.cpuUsage(before); console.log((user + system) / 1000); process.exit()`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: environment,
    encoding: 'utf8',
  });
  const ms = Number(stdout);
  if (!(ms > 0)) throw new Error(`${module} could not be imported: ${stderr}`);
  return ms;
}

/** Our own code in one file, its packages left where npm put them: what a function would load without bundling. */
async function unbundled(folder: string, name: (typeof functionNames)[number]): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(projectRoot, functionSources[name])],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'error',
  });
  return outfile;
}

/** Size of each function's bundle, and the CPU of importing it beside the same code unbundled, run by run. */
export async function benchmark(): Promise<Figure[]> {
  const folder = mkdtempSync(join(projectRoot, 'node_modules/.cache/bench-'));
  try {
    const dist = join(folder, 'dist');
    await buildAll({ outdir: dist, console: false });
    symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
    const figures: Figure[] = [];
    for (const name of functionNames) {
      const bundle = join(bundlesIn(dist).functions(name), 'index.mjs');
      figures.push({
        name: `bundle ${name}`,
        value: Math.round(statSync(bundle).size / 1024),
        unit: 'KB',
        target: 600,
      });
      const plain = await unbundled(folder, name);
      const ratios = Array.from({ length: runs }, () => importCpuMs(bundle) / importCpuMs(plain));
      figures.push({
        name: `import CPU ${name}, of unbundled`,
        value: median(ratios),
        unit: '×',
        target: 0.6,
      });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
