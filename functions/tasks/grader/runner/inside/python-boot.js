// Loads the interpreter. Body of a function. $0: the lock file without packages, $1: true to make a snapshot.

const { lyceumHost: host, lyceumLoad: load, lyceumPyodide: createPyodideModule } = globalThis;
return (async () => {
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
