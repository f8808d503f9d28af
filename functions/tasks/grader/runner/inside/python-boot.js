// Loads the interpreter. Body of a function that returns `booted`. $0: the lock file without packages, $1: true to make a snapshot.

const { lyceumHost: host, lyceumLoad: load, lyceumPyodide: createPyodideModule } = globalThis;
// biome-ignore lint/correctness/noUnusedVariables: the runner appends its return.
const booted = (async () => {
  globalThis.lyceumPy = await load({
    indexURL: 'file:///p/',
    createPyodideModule,
    lockFileContents: $0,
    _makeSnapshot: $1,
    _loadSnapshot: $1 ? undefined : host.snapshot,
    stdLibURL: 'file:///p/python_stdlib.zip',
    packageBaseUrl: 'file:///p/',
    env: { HOME: '/home/student', PYTHONINSPECT: '' },
  });
})();
