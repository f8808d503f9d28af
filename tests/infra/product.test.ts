import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { build } from '#infra/build.ts';
import { type Bundles, bundlesIn, functionNames } from '#infra/bundles.ts';
import { schoolNames } from '#infra/school-config.ts';
import { synth } from '#infra/synth.ts';
import { readableCode, verify } from '#infra/verify.ts';
import { scratch } from '#tests/support/scratch.ts';
import { fixtureBundles } from './world.ts';

describe('the product as it is built', () => {
  const folder = scratch('product');
  let bundles: Bundles;
  let codeOf: Awaited<ReturnType<typeof readableCode>>;

  beforeAll(async () => {
    codeOf = await readableCode();
    await build({ outdir: join(folder, 'dist'), console: false, assets: 'none' });
    const { console } = fixtureBundles(join(folder, 'fixture'));
    bundles = { ...bundlesIn(join(folder, 'dist')), console };
  });

  it.each(schoolNames())('%s has no finding: every operation routed, every call granted', async (school) => {
    const assembly = await synth({ school, bundles, outdir: join(folder, `cdk.out-${school}`) });
    expect(verify({ school, assembly, codeOf })).toEqual([]);
  });

  it.each(functionNames)('keeps the bundle of %s within 600 KB', (name) => {
    expect(statSync(join(bundles.functions(name), 'index.mjs')).size).toBeLessThanOrEqual(600 * 1024);
  });
});
