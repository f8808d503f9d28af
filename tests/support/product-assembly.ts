/**
 * Builds and synthesises the demo school once, before any test that starts the whole platform: each start then
 * takes seconds, and files that other tests plant in the tree do not build anything again.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareAssembly } from '#infra/local/prepare.ts';

export default async function setup(): Promise<void> {
  if (process.env['LYCEUM_ASSEMBLY'] !== undefined) return;
  const fallback = join(tmpdir(), 'lyceum-assembly');
  process.env['LYCEUM_PRODUCT_ASSEMBLY'] = await prepareAssembly({
    school: 'demo',
    fallback,
    phase: () => {},
  });
}
