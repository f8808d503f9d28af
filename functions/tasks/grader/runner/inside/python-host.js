// The world that Pyodide finds inside a bare V8 isolate: what its loader needs of a shell, and nothing of Node.
// Body of a function. $0: the channel (see channel.ts), $1: WebAssembly bytes, $2: the standard library,
// $3: the memory snapshot, or undefined when one is to be made.

const header = new Int32Array($0, 0, 16);
const TAINTED = 3;
const OPENED = 4;
const HEAP_LIMIT = 5;
const SEED = 6;

const host = {
  snapshot: $3 === undefined ? undefined : new Uint8Array($3),
  /** Bytes the interpreter may grow to. Read by the patched `getHeapMax` of pyodide.asm.js. */
  heapMax: () => header[HEAP_LIMIT],
};
globalThis.lyceumHost = host;

const files = { '.wasm': new Uint8Array($1), '.zip': new Uint8Array($2) };
globalThis.readbuffer = (path) => {
  for (const [ending, bytes] of Object.entries(files)) if (path.endsWith(ending)) return bytes;
  throw new Error(`no such file: ${path}`);
};
const refuse = () => {
  throw new Error('not available here');
};
globalThis.read = refuse;
globalThis.load = refuse;

host.log = '';
const log = (...words) => {
  if (host.log.length < 4000) host.log += `${words.join(' ')}\n`;
};
globalThis.console = { log() {}, info() {}, debug() {}, warn: log, error: log };

// Pyodide asks a shell for random bytes through base64. They follow the seed of the test, so that a run repeats.
let state = 0;
let seededWith;
const randomByte = () => {
  if (seededWith !== header[SEED]) {
    seededWith = header[SEED];
    state = seededWith;
  }
  // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) & 255;
};
host.reseed = () => {
  seededWith = undefined;
};
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64 = (bytes) => {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += digits[word >> 18] + digits[(word >> 12) & 63];
    text += left > 1 ? digits[(word >> 6) & 63] : '=';
    text += left > 2 ? digits[word & 63] : '=';
  }
  return text;
};
globalThis.os = {
  system: (_command, [, script]) => {
    const count = Number(/head -c(\d+)/.exec(script)[1]);
    return base64(Array.from({ length: count }, randomByte));
  },
};

globalThis.performance = { now: () => Date.now() };
globalThis.setTimeout = (act) => {
  void Promise.resolve().then(() => act());
  return 0;
};
globalThis.clearTimeout = () => {};

globalThis.TextEncoder = class TextEncoder {
  encode(text) {
    const latin = unescape(encodeURIComponent(String(text).toWellFormed()));
    const bytes = new Uint8Array(latin.length);
    for (let i = 0; i < latin.length; i++) bytes[i] = latin.charCodeAt(i);
    return bytes;
  }
  encodeInto(text, into) {
    const bytes = this.encode(text);
    into.set(bytes.subarray(0, into.length));
    return { read: text.length, written: bytes.length };
  }
};
globalThis.TextDecoder = class TextDecoder {
  constructor(encoding = 'utf-8') {
    this.encoding = encoding;
  }
  decode(input) {
    const bytes = ArrayBuffer.isView(input)
      ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
      : new Uint8Array(input ?? 0);
    let latin = '';
    for (let i = 0; i < bytes.length; i += 8192)
      latin += String.fromCharCode.apply(null, bytes.subarray(i, i + 8192));
    if (this.encoding === 'latin1') return latin;
    try {
      return decodeURIComponent(escape(latin));
    } catch {
      return latin;
    }
  }
};

// Imports that leave no trace outside linear memory, so that restoring the memory restores the interpreter.
// Whatever is not listed taints the isolate, which is then used for no other test.
const pure = new Set(
  `JsvArray_Get js2python_js _python2js_ascii _python2js_ucs1 _python2js_ucs2 _python2js_ucs4 JsvError_Check
   JsvNoValue_Check fd_read fd_fdstat_get clock_time_get clock_res_get emscripten_get_now emscripten_date_now
   emscripten_resize_heap emscripten_get_heap_max random_get getentropy __syscall_fstat64 __syscall_stat64
   __syscall_lstat64 __syscall_newfstatat __syscall_getdents64 __syscall_getcwd __syscall_readlinkat
   __syscall_faccessat can_run_sync_js _localtime_js _gmtime_js _mktime_js _timegm_js _tzset_js
   _emscripten_get_progname environ_get environ_sizes_get _Py_CheckEmscriptenSignals_Helper _PyEM_TrampolineCall_JS
   _Py_emscripten_runtime`.split(/\s+/),
);
const alsoPure = /^invoke_|^__cxa|^_emscripten_throw|^emscripten_stack|^Jsv_GetError/;
const O_ACCMODE = 3;
const O_CREAT = 64;
const O_TRUNC = 512;
const taint = () => {
  header[TAINTED] = 1;
};
/** Descriptors that the program at hand has opened. By identity: closing one that is not open must hide none that is. */
const opened = new Set();
/** `isatty` asks these of every file that is opened; they change nothing. */
const TCGETS = 0x5401;
const TIOCGWINSZ = 0x5413;

const watchers = {
  __syscall_openat: (real) =>
    function (directory, path, flags, mode) {
      if (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) taint();
      const descriptor = real.call(this, directory, path, flags, mode);
      if (descriptor >= 0) {
        opened.add(descriptor);
        header[OPENED] = opened.size;
      }
      return descriptor;
    },
  fd_close: (real) =>
    function (descriptor) {
      const failure = real.call(this, descriptor);
      if (failure === 0) {
        if (!opened.delete(descriptor)) taint();
        header[OPENED] = opened.size;
      }
      return failure;
    },
  fd_seek: (real) =>
    function (descriptor, ...rest) {
      if (!opened.has(descriptor)) taint();
      return real.call(this, descriptor, ...rest);
    },
  fd_write: (real) =>
    function (descriptor, ...rest) {
      if (descriptor !== 1 && descriptor !== 2) taint();
      return real.call(this, descriptor, ...rest);
    },
  __syscall_ioctl: (real) =>
    function (descriptor, operation, ...rest) {
      if (operation !== TCGETS && operation !== TIOCGWINSZ) taint();
      return real.call(this, descriptor, operation, ...rest);
    },
};
const watched = (name, real) => {
  if (Object.hasOwn(watchers, name)) return watchers[name](real);
  if (pure.has(name) || alsoPure.test(name)) return real;
  return function (...rest) {
    taint();
    return real.apply(this, rest);
  };
};

/** The module's imports with a watcher around each function that is not pure. */
const watchImports = (module, imports) => {
  const wrapped = {};
  for (const { module: space, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== 'function' || space.startsWith('GOT')) continue;
    const real = imports[space][name];
    if (typeof real !== 'function') continue;
    const stand = watched(name, real);
    if (stand !== real && Object.hasOwn(real, 'sig')) stand.sig = real.sig;
    wrapped[space] ??= Object.create(null);
    wrapped[space][name] = stand;
  }
  const space = (name) =>
    new Proxy(imports[name], { get: (target, key) => wrapped[name]?.[key] ?? target[key] });
  return new Proxy(imports, {
    get: (target, key) => (Object.hasOwn(wrapped, key) ? space(key) : target[key]),
  });
};

const Instance = WebAssembly.Instance;
const Module = WebAssembly.Module;
WebAssembly.compile = async (bytes) => new Module(bytes);
WebAssembly.instantiate = async (source, imports) => {
  if (source instanceof Module) return new Instance(source, imports);
  const module = new Module(source);
  return { module, instance: new Instance(module, watchImports(module, imports)) };
};
