import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '#infra/build.ts';
import { type Bundles, bundlesIn, functionNames } from '#infra/bundles.ts';
import { checkSchool, readTemplates } from '#infra/checks/index.ts';
import { schoolNames } from '#infra/school-config.ts';
import { synth } from '#infra/synth.ts';
import { domains } from '#shared/contracts/index.ts';
import { committedIds, fixtureBundles, temporaryFolder } from './world.ts';

describe('the product as it is built', () => {
  const folder = temporaryFolder();
  const readable = bundlesIn(join(folder.path, 'readable'));
  let bundles: Bundles;

  beforeAll(async () => {
    await build({ outdir: join(folder.path, 'dist'), console: false });
    await build({ outdir: join(folder.path, 'readable'), readable: true, console: false });
    const { console } = fixtureBundles(join(folder.path, 'fixture'));
    bundles = { ...bundlesIn(join(folder.path, 'dist')), console };
  });
  afterAll(() => folder[Symbol.dispose]());

  const codeOf = (workload: string): string => {
    const name = functionNames.find((one) => one === workload);
    return readFileSync(
      name ? join(readable.functions(name), 'index.mjs') : join(readable.tasks('trainer'), 'main.mjs'),
      'utf8',
    );
  };

  it.each(schoolNames())('%s has no finding: every operation routed, every call granted', async (school) => {
    const assembly = await synth({ school, bundles, outdir: join(folder.path, `cdk.out-${school}`) });
    const templates = readTemplates(assembly);
    expect(checkSchool({ templates, domains, codeOf, statefulIds: committedIds })).toEqual([]);
  });

  it.each(functionNames)('keeps the bundle of %s within 600 KB', (name) => {
    expect(statSync(join(bundles.functions(name), 'index.mjs')).size).toBeLessThanOrEqual(600 * 1024);
  });
});
