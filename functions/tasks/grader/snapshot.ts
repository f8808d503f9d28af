import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { highestLimits } from '#shared/domain/grading/limits.ts';
import { readInterpreter } from './runner/assets.ts';
import { Channel } from './runner/channel.ts';
import { loadIsolatedVm } from './runner/isolate.ts';
import { loadPyodide } from './runner/python.ts';
import { addonPath } from './sandbox/platform.ts';

/**
 * Starts the interpreter once, imports what learners import, and keeps its memory (30 MB): `python/snapshot.bin` in the
 * folder of the first argument. A step of the build, see build.ts.
 */
const [, , folder = ''] = process.argv;
writeFileSync(join(folder, 'python/snapshot.bin'), await makeSnapshot());
process.exit();

async function makeSnapshot(): Promise<Uint8Array> {
  const ivm = loadIsolatedVm(addonPath(folder));
  const assets = readInterpreter(pathToFileURL(`${folder}/`));
  const isolate = new ivm.Isolate({ memoryLimit: 1024 });
  const channel = new Channel(highestLimits.output_bytes);
  channel.reset({ outputBytes: 65_536, heapBytes: highestLimits.memory_mb * 2 ** 20, seed: 0 });
  const context = await isolate.createContext();
  await loadPyodide(ivm, isolate, context, assets, channel.shared, true);
  const harness = readFileSync(new URL('runner/inside/harness.py', import.meta.url), 'utf8');
  await context.evalClosure('lyceumPy.runPython($0)', [harness]);
  const memory: unknown = await context.evalClosure(
    'return new Uint8Array(lyceumPy.makeMemorySnapshot()).slice().buffer',
    [],
    { result: { copy: true } },
  );
  if (!(memory instanceof ArrayBuffer)) throw new Error('Pyodide gave no snapshot.');
  return new Uint8Array(memory);
}
