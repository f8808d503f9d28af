import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '#infra/build.ts';
import { type Bundles, bundlesIn, functionNames } from '#infra/bundles.ts';
import { schoolNames } from '#infra/school-config.ts';
import { synth } from '#infra/synth.ts';
import { readableCode, verify } from '#infra/verify.ts';
import { fixtureBundles, temporaryFolder } from './world.ts';

describe('the product as it is built', () => {
  const folder = temporaryFolder();
  let bundles: Bundles;
  let codeOf: Awaited<ReturnType<typeof readableCode>>;

  beforeAll(async () => {
    codeOf = await readableCode();
    await build({ outdir: join(folder.path, 'dist'), console: false, assets: 'none' });
    const { console } = fixtureBundles(join(folder.path, 'fixture'));
    bundles = { ...bundlesIn(join(folder.path, 'dist')), console };
  });
  afterAll(() => folder[Symbol.dispose]());

  it.each(schoolNames())('%s has no finding: every operation routed, every call granted', async (school) => {
    const assembly = await synth({ school, bundles, outdir: join(folder.path, `cdk.out-${school}`) });
    expect(verify({ school, assembly, codeOf })).toEqual([]);
  });

  it.each(functionNames)('keeps the bundle of %s within 600 KB', (name) => {
    expect(statSync(join(bundles.functions(name), 'index.mjs')).size).toBeLessThanOrEqual(600 * 1024);
  });
});
