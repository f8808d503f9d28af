import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { loadPyodide } from 'pyodide';
import { mixedName, type Place, type Warning } from '#shared/domain/grading/source-rules.ts';
import { type Findings, type Problem, type Program, tooComplex } from './findings.ts';

/** What `check` of check.py says. */
interface Report {
  readonly errors: readonly Problem[];
  readonly warnings: readonly Warning[];
  readonly identifiers: readonly ({ readonly name: string } & Place)[];
  readonly too_complex: boolean;
}
type Check = (code: string, forbidden: string) => string;

/** CPython from its snapshot, in which our rules are already loaded. */
export async function openPython(assets: URL): Promise<(program: Program) => Findings> {
  const folder = new URL('python/', assets);
  const snapshot = readFile(new URL('snapshot.zst', folder)).then(promisify(zstdDecompress));
  // an asset: nothing but a program in Python needs it
  const loader = (await import(new URL('pyodide.mjs', folder).href)) as { loadPyodide: typeof loadPyodide };
  const interpreter = await loader.loadPyodide({
    indexURL: fileURLToPath(folder),
    env: {},
    stdout: () => undefined,
    stderr: () => undefined,
    _loadSnapshot: snapshot,
  });
  // a proxy of the function that the snapshot was made with
  const check = interpreter.runPython('from validator.check import check; check') as Check;

  return ({ code, forbidden }) => {
    // our own module answers; an exception of any other kind is for the caller to give this interpreter up
    const report = JSON.parse(check(code, JSON.stringify(forbidden))) as Report;
    if (report.too_complex) return tooComplex;
    const mixed = report.identifiers.flatMap(({ name, ...place }) =>
      mixedName(name).map((advice) => ({ ...advice, ...place })),
    );
    return { errors: report.errors, warnings: [...report.warnings, ...mixed] };
  };
}
