import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { domains } from '#shared/contracts/index.ts';
import { build } from './build.ts';
import { bundlesIn, functionNames, taskNames } from './bundles.ts';
import { checkSchool, type Finding, readTemplates } from './checks/index.ts';
import { readSchool } from './school-config.ts';

/** The logical ids of everything stateful, as deployed schools have them. */
export const committedStatefulIds: readonly string[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'stateful-ids.json'), 'utf8'),
);

/** What the validators of a synthesis miss: in the templates of a school, and in the code of its functions. */
export function verify(input: {
  readonly school: string;
  readonly assembly: string;
  readonly codeOf: CodeOf;
}): Finding[] {
  const { school, assembly, codeOf } = input;
  return checkSchool({
    templates: readTemplates(assembly),
    domains,
    codeOf,
    statefulIds: expectedIds(school),
  });
}

/** The code of everything that a template runs, built once more with its names for the purpose. */
export async function readableCode(): Promise<CodeOf> {
  const folder = mkdtempSync(join(tmpdir(), 'lyceum-verify-'));
  try {
    await build({ outdir: folder, readable: true, console: false, assets: 'none' });
    return codeIn(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
type CodeOf = (workload: string) => string;

/** A school with a restored table has none of its own. */
function expectedIds(school: string): string[] {
  const restored = readSchool(school).table !== undefined;
  return committedStatefulIds.filter((id) => !restored || !id.startsWith('AWS::DynamoDB::Table '));
}

function codeIn(folder: string): CodeOf {
  const bundles = bundlesIn(folder);
  const read = (file: string) => readFileSync(file, 'utf8');
  const code = new Map<string, string>([
    ...functionNames.map((name) => [name, read(join(bundles.functions(name), 'index.mjs'))] as const),
    ...taskNames.map((name) => [name, read(join(bundles.tasks(name), 'main.mjs'))] as const),
  ]);
  return (workload) => {
    const found = code.get(workload);
    if (found === undefined) throw new Error(`The template runs "${workload}", which is not built.`);
    return found;
  };
}
