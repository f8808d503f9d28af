import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The Lambda functions and the file each one's bundle starts from. */
export const functionSources = {
  auth: 'functions/auth/handler.ts',
  school: 'functions/school/handler.ts',
  banks: 'functions/testing/banks-handler.ts',
  testing: 'functions/testing/handler.ts',
  assessment: 'functions/assessment/handler.ts',
  training: 'functions/training/handler.ts',
  code: 'functions/code/handler.ts',
  validator: 'functions/validator/handler.ts',
  policies: 'functions/policies/handler.ts',
  realtime: 'functions/realtime/handler.ts',
  platform: 'functions/platform/handler.ts',
  setup: 'functions/setup/handler.ts',
  websocket: 'functions/websocket/handler.ts',
  broadcast: 'functions/streams/broadcast/handler.ts',
  projector: 'functions/streams/projector/handler.ts',
  dispatch: 'functions/queues/dispatch/handler.ts',
  verifier: 'functions/queues/verifier/handler.ts',
  reaper: 'functions/schedules/reaper/handler.ts',
} as const;
export type FunctionName = keyof typeof functionSources;
export const functionNames = Object.keys(functionSources) as readonly FunctionName[];

/** The Fargate tasks: what the bundle starts from, and the folder of its Dockerfile. */
export const taskSources = {
  trainer: 'functions/tasks/trainer/main.ts',
  calibrator: 'functions/tasks/calibrator/main.ts',
  grader: 'functions/tasks/grader/main.ts',
} as const;
export type TaskName = keyof typeof taskSources;
export const taskNames = Object.keys(taskSources) as readonly TaskName[];

/** Programs that a task starts itself, in bundles of their own beside its main one. */
export const programSources: Readonly<Record<string, string>> = {
  'tasks/grader/runner': 'functions/tasks/grader/runner/main.ts',
};

/** Folders of bundles that need more than code, and the exported function that makes it: `make(folder)`. */
export const bundleAssets: Readonly<Record<string, { readonly file: string; readonly make: string }>> = {
  'functions/setup': { file: 'functions/setup/build.ts', make: 'buildContent' },
  'tasks/grader': { file: 'functions/tasks/grader/build.ts', make: 'buildGraderAssets' },
  'functions/policies': { file: 'functions/policies/build.ts', make: 'buildPolicyPage' },
  'functions/validator': { file: 'functions/validator/build.ts', make: 'buildValidatorAssets' },
};

/** Where the built code lies: a folder for each function and task, and one for the console. */
export interface Bundles {
  functions(name: FunctionName): string;
  tasks(name: TaskName): string;
  programs(name: string): string;
  readonly console: string;
}

export const projectRoot = join(import.meta.dirname, '..');

/** The bundles below `outdir`, laid out as `infra/build.ts` writes them. */
export function bundlesIn(outdir = join(projectRoot, 'dist')): Bundles {
  return {
    functions: (name) => join(outdir, 'functions', name),
    tasks: (name) => join(outdir, 'tasks', name),
    programs: (name) => join(outdir, `${name}.mjs`),
    console: join(outdir, 'console'),
  };
}

/** Throws, naming what is absent, unless every bundle is there. */
export function requireBundles(bundles: Bundles): Bundles {
  const files = [
    ...functionNames.map((name) => join(bundles.functions(name), 'index.mjs')),
    ...taskNames.flatMap((name) => ['main.mjs', 'Dockerfile'].map((file) => join(bundles.tasks(name), file))),
    ...Object.keys(programSources).map((name) => bundles.programs(name)),
    join(bundles.console, 'index.html'),
  ];
  const absent = files.filter((file) => !existsSync(file));
  if (absent.length > 0) throw new Error(`Not built; run "npm run build" first:\n  ${absent.join('\n  ')}`);
  return bundles;
}
