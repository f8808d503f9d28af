import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domains } from '#shared/contracts/index.ts';
import { build } from './build.ts';
import { type Bundles, bundlesIn, functionNames, taskNames } from './bundles.ts';
import { checkSchool, type Finding, readTemplates } from './checks/index.ts';
import { readSchool } from './school-config.ts';
import { synth } from './synth.ts';

/** The logical ids of everything stateful, as deployed schools have them. */
export const committedStatefulIds: readonly string[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'stateful-ids.json'), 'utf8'),
);

/**
 * Synthesises a school with every validator on, then looks for what they miss: in its templates, and in the
 * code of its functions, which is built once more with its names for the purpose.
 */
export async function verify(input: {
  readonly school: string;
  readonly bundles?: Bundles;
  readonly outdir?: string;
}): Promise<{ assembly: string; findings: Finding[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'lyceum-verify-'));
  try {
    const assembly = await synth(input);
    await build({ outdir: folder, readable: true, console: false, assets: 'none' });
    const templates = readTemplates(assembly);
    const statefulIds = expectedIds(input.school);
    return { assembly, findings: checkSchool({ templates, domains, codeOf: codeIn(folder), statefulIds }) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A school with a restored table has none of its own. */
function expectedIds(school: string): string[] {
  const restored = readSchool(school).table !== undefined;
  return committedStatefulIds.filter((id) => !restored || !id.startsWith('AWS::DynamoDB::Table '));
}

function codeIn(folder: string): (workload: string) => string {
  const bundles = bundlesIn(folder);
  const files = new Map<string, string>([
    ...functionNames.map((name): [string, string] => [name, join(bundles.functions(name), 'index.mjs')]),
    ...taskNames.map((name): [string, string] => [name, join(bundles.tasks(name), 'main.mjs')]),
  ]);
  return (workload) => {
    const file = files.get(workload);
    if (file === undefined) throw new Error(`The template runs "${workload}", which is not built.`);
    return readFileSync(file, 'utf8');
  };
}
