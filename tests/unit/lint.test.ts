import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import * as z from 'zod';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** A folder, and what nobody there may write. */
const borders: readonly (readonly [folder: string, violation: string])[] = [
  ['shared/http', "import '#functions/auth/handler.ts';"],
  ['shared/jobs', "import '../../functions/auth/handler.ts';"],
  ['shared/table', "import '#infra/build.ts';"],
  ['shared/realtime', "import '#tests/support/cloud.ts';"],
  ['shared/identity', 'export const name = process.env.NAME;'],
  ['shared/contracts', "import '#shared/table/table.ts';"],
  ['shared/contracts', "import '../table/table.ts';"],
  ['shared/contracts', "import 'node:fs';"],
  ['shared/contracts', "import '@aws-sdk/client-s3';"],
  ['shared/domain/jobs', "import 'zod';"],
  ['shared/domain/jobs', "import 'node:crypto';"],
  ['shared/domain/jobs', "import '#shared/contracts/training.ts';"],
  ['shared/domain/jobs', "import '../../table/table.ts';"],
  ['functions/school', "import '#functions/auth/world.ts';"],
  ['functions/school', "import '#infra/build.ts';"],
  ['functions/school', "import '../../infra/build.ts';"],
  ['functions/school', "import '#tests/support/cloud.ts';"],
  ['functions/school', 'export const name = process.env.NAME;'],
  ['functions/school', "import '../auth/world.ts';"],
  ['functions/tasks/trainer', "import '../../auth/world.ts';"],
  ['shared/domain/jobs', "import '../../realtime/event.ts';"],
  ['shared/domain/jobs', "import '../../errors.ts';"],
  ['infra/stacks', "import '../local/iam.ts';"],
  ['infra/constructs', "import '#infra/local/iam.ts';"],
  ['infra', "import '#functions/auth/handler.ts';"],
  ['infra', "import '../functions/auth/handler.ts';"],
  ['infra', "import '#tests/support/cloud.ts';"],
  ['shared/http', "import { z } from 'zod';\nexport const schema = z.string();"],
  ['functions/school', "import { z } from 'zod';\nexport const schema = z.string();"],
];
const innocent: typeof borders = [
  ['shared/http', "import '#shared/table/table.ts';"],
  ['shared/contracts', "import * as z from 'zod';\nexport const schema = z.string();"],
  ['shared/domain/jobs', "import './states.ts';"],
  ['functions/school', "import '#shared/table/table.ts';"],
  ['functions/school', "import './world.ts';"],
  ['infra', "import '#shared/contracts/index.ts';"],
];

async function planted<T>(all: typeof borders, act: (files: readonly string[]) => Promise<T>): Promise<T> {
  const files = all.map(([folder]) => join(folder, `planted-${randomUUID()}.ts`));
  try {
    await Promise.all(files.map((file, at) => writeFile(join(root, file), `${all[at]?.[1]}\n`)));
    return await act(files);
  } finally {
    await Promise.all(files.map((file) => rm(join(root, file), { force: true })));
  }
}

const report = z.object({
  diagnostics: z.array(
    z.object({
      category: z.string(),
      severity: z.string(),
      location: z.object({ path: z.union([z.string(), z.object({ file: z.string() })]) }),
    }),
  ),
});

/** The rules that each file breaks, as Biome reports them. */
async function broken(files: readonly string[]): Promise<readonly string[][]> {
  const biome = join(root, 'node_modules/.bin/biome');
  const command = ['lint', '--reporter=json', '--max-diagnostics=none', ...files];
  const { stdout } = await run(biome, command, { cwd: root }).catch((error: { stdout: string }) => error);
  const { diagnostics } = report.parse(JSON.parse(stdout));
  return files.map((file) =>
    diagnostics
      .filter(({ location: { path } }) => (typeof path === 'string' ? path : path.file).endsWith(file))
      .map(({ category }) => category.split('/').at(-1) ?? ''),
  );
}

const ruleOf = (violation: string): string =>
  violation.includes('process.env') ? 'noProcessEnv' : 'noRestrictedImports';

test('a violation planted behind each border is reported, and what is allowed is not', async () => {
  const all = [...borders, ...innocent];
  const found = await planted(all, broken);
  const missed = borders.filter(([, violation], at) => !found[at]?.includes(ruleOf(violation)));
  expect(missed).toEqual([]);
  expect(innocent.filter((_, at) => found[borders.length + at]?.includes('noRestrictedImports'))).toEqual([]);
});

test('a promise that nobody waits for is reported', async () => {
  const forgetful: typeof borders = [
    ['shared/http', 'const act = async () => 1;\nexport const run = () => {\n  act();\n};'],
  ];
  const output = await planted(forgetful, async ([file = '']) => {
    const command = ['--type-aware', '--format=json', file];
    const { stdout } = await run(join(root, 'node_modules/.bin/oxlint'), command, { cwd: root }).catch(
      (error: { stdout: string }) => error,
    );
    return stdout;
  });
  expect(output).toContain('no-floating-promises');
});
