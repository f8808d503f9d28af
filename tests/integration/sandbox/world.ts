import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildGraderAssets } from '#functions/tasks/grader/build.ts';
import { Sandbox } from '#functions/tasks/grader/sandbox/sandbox.ts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));

/** The runner as it is bundled, with its assets, in a folder that is kept from one test run to the next. */
export async function runnerFolder(): Promise<URL> {
  const folder = join(projectRoot, 'node_modules/.cache/lyceum-grader');
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: projectRoot,
    entryPoints: { runner: 'functions/tasks/grader/runner/main.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    logLevel: 'warning',
    banner: {
      js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);",
    },
  });
  await buildGraderAssets(folder);
  return pathToFileURL(`${folder}/`);
}

export interface Warning {
  readonly what: string;
  readonly facts: object;
}

export async function openSandbox(options: { reuse?: boolean; slots?: number } = {}) {
  const warnings: Warning[] = [];
  const sandbox = await Sandbox.open({
    slots: options.slots ?? 1,
    reuse: options.reuse ?? false,
    folder: await runnerFolder(),
    warn: (what, facts) => warnings.push({ what, facts }),
  });
  return Object.assign(sandbox, { warnings, [Symbol.asyncDispose]: () => sandbox.close() });
}
