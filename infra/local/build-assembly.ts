/**
 * Builds every bundle and synthesises one school, in a process of its own: the CDK takes 150 MB that the runner need
 * not keep. `node build-assembly.ts <school> <folder>`; says "build" and "synth" as it goes.
 */
import { join } from 'node:path';
import { build } from '../build.ts';
import { bundlesIn } from '../bundles.ts';
import { synth } from '../synth.ts';

const [school, folder] = process.argv.slice(2);
if (school === undefined || folder === undefined)
  throw new Error('Usage: build-assembly.ts <school> <folder>');

const bundles = join(folder, 'dist');
console.log('build');
await build({ outdir: bundles, assets: 'optional' });
console.log('synth');
// The rule packs have their own test; here they would only make the start slower.
await synth({ school, outdir: join(folder, 'assembly'), bundles: bundlesIn(bundles), validate: false });
