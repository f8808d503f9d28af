import type { Language } from '#shared/domain/grading/types.ts';

/** Of Node: what reaches other processes, the network, the machine or the engine. `fs` reads stdin, so it may be used. */
const node = [
  ...['child_process', 'cluster', 'dgram', 'dns', 'http', 'http2', 'https', 'inspector', 'net', 'os', 'repl'],
  ...['tls', 'v8', 'vm', 'wasi', 'worker_threads'],
];

/**
 * What a program may not import when a request does not say. No line of defence: the sandbox holds whatever is
 * imported; this tells a learner before the run. `sys` is allowed, programs read `sys.stdin`.
 */
export const usualForbiddenImports: Readonly<Record<Language, readonly string[]>> = {
  python: [
    ...[
      '__import__',
      'ctypes',
      'ftplib',
      'http',
      'js',
      'multiprocessing',
      'os',
      'pty',
      'pyodide',
      'pyodide_js',
    ],
    ...[
      'requests',
      'shutil',
      'signal',
      'smtplib',
      'socket',
      'subprocess',
      'tempfile',
      'urllib',
      'webbrowser',
    ],
  ],
  javascript: node,
  typescript: node,
};
