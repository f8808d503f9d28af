import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { buildGraderAssets, graderAssetsHash } from '#functions/tasks/grader/build.ts';
import { Sandbox } from '#functions/tasks/grader/sandbox/sandbox.ts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const cache = join(projectRoot, 'node_modules/.cache/lyceum-grader');

/**
 * The runner as it is bundled, with its assets, in a folder named after its contents: kept from one test run to the
 * next, and appearing whole, since test files run side by side.
 */
export async function runnerFolder(): Promise<URL> {
  const runner = await bundleRunner();
  const hash = createHash('sha256').update(runner).update(graderAssetsHash()).digest('hex').slice(0, 16);
  const folder = join(cache, hash);
  if (!existsSync(folder)) {
    const making = join(cache, `${hash}-${process.pid}`);
    mkdirSync(making, { recursive: true });
    writeFileSync(join(making, 'runner.mjs'), runner);
    // Several programs look for it.
    writeFileSync(join(making, 'expected.txt'), 'EXPECTED_TOKEN_9f1c\n');
    await buildGraderAssets(making);
    try {
      renameSync(making, folder);
    } catch {
      // Somebody else was faster.
      rmSync(making, { recursive: true });
    }
  }
  return pathToFileURL(`${folder}/`);
}

async function bundleRunner(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ['functions/tasks/grader/runner/main.ts'],
    write: false,
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
  const [file] = outputFiles;
  if (file === undefined) throw new Error('The runner has no bundle.');
  return file.contents;
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
