import { readFileSync } from 'node:fs';

/** What an interpreter is made of. The big files are shared by all isolates of the process. */
export interface PythonAssets {
  readonly wasm: SharedArrayBuffer;
  readonly stdlib: SharedArrayBuffer;
  readonly snapshot: SharedArrayBuffer;
  readonly pyodide: string;
  readonly loader: string;
  readonly lock: string;
  readonly host: string;
  readonly boot: string;
  readonly run: string;
}

export interface Assets {
  readonly python: PythonAssets;
  /** The world that a JavaScript program finds: a script whose value is the function that makes it. */
  readonly realm: string;
}

/** `folder`: where `buildGraderAssets` wrote. */
export function readAssets(folder: URL): Assets {
  const text = (name: string) => readFileSync(new URL(name, folder), 'utf8');
  const realm = ['inspect', 'world', 'call'].map((name) => text(`inside/${name}.js`));
  return {
    python: {
      ...readInterpreter(folder),
      snapshot: share(readFileSync(new URL('python/snapshot.bin', folder))),
      run: `${text('inside/python-run.js')}return runTest;`,
    },
    realm: `(function ($0, $1, $2) {'use strict';\n${realm.join('')}return realm;})`,
  };
}

/** All but what needs a snapshot: what a snapshot is made with. */
export function readInterpreter(folder: URL): Omit<PythonAssets, 'snapshot' | 'run'> {
  const text = (name: string) => readFileSync(new URL(name, folder), 'utf8');
  return {
    wasm: share(readFileSync(new URL('python/pyodide.asm.wasm', folder))),
    stdlib: share(readFileSync(new URL('python/python_stdlib.zip', folder))),
    pyodide: text('python/pyodide.asm.js'),
    loader: text('python/pyodide.js'),
    lock: text('python/pyodide-lock.json'),
    host: text('inside/python-host.js'),
    boot: `${text('inside/python-boot.js')}return booted;`,
  };
}

function share(bytes: Uint8Array): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}
