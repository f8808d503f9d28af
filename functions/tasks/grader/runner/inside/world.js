// The world of a JavaScript program: console, stdin, timers on a clock of their own. Part of the body of the
// realm's function, after inspect.js. $0: the channel, $1: the text of stdin, $2: the seed. Everything here is the
// learner's own realm, used for one test: whoever breaks it spoils only what they print.
const header = new Int32Array($0, 0, 16);
const capacity = ($0.byteLength - 64) / 2;
const outputs = [new Uint8Array($0, 64, capacity), new Uint8Array($0, 64 + capacity, capacity)];
const OVERFLOW = 2;
const OUTPUT_LIMIT = 8;
const EXIT = 9;
const stdin = $1;
const storeWord = Atomics.store;
const codePointAt = String.prototype.codePointAt;

delete globalThis.WebAssembly;
// No other thread shares memory here, so that waiting would be for ever.
delete Atomics.wait;
delete Atomics.waitAsync;

// mulberry32: a run repeats with its seed.
let randomState = $2 | 0;
Math.random = function random() {
  randomState = (randomState + 0x6d2b79f5) | 0;
  let t = Math.imul(randomState ^ (randomState >>> 15), 1 | randomState);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

// --- output -------------------------------------------------------------------------------------------------

/** Writes `text` as UTF-8 after what `stream` (0 stdout, 1 stderr) has. */
const put = (stream, text) => {
  if (header[EXIT] !== 0) return;
  const bytes = outputs[stream];
  let at = header[stream];
  const end = at + Math.max(0, Math.min(capacity - at, header[OUTPUT_LIMIT] - header[0] - header[1]));
  for (let i = 0; i < text.length; i++) {
    let code = apply(codePointAt, text, [i]);
    if (code > 0xffff) i++;
    else if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (at + size > end) {
      header[OVERFLOW] = 1;
      break;
    }
    if (size === 1) bytes[at++] = code;
    else {
      const lead = size === 2 ? 0xc0 : size === 3 ? 0xe0 : 0xf0;
      bytes[at++] = lead | (code >> (6 * (size - 1)));
      for (let left = size - 2; left >= 0; left--) bytes[at++] = 0x80 | ((code >> (6 * left)) & 63);
    }
  }
  header[stream] = at;
};

let indent = '';
const print = (stream) =>
  function log(...values) {
    const text = format(values);
    put(stream, `${indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`)}\n`);
  };
const counts = new Map();
const say = print(0);
const complain = print(1);
globalThis.console = {
  log: say,
  info: say,
  debug: say,
  dir: (value) => say(value),
  table: (value) => say(value),
  error: complain,
  warn: complain,
  trace: (...values) => complain('Trace:', ...values),
  assert: (condition, ...values) => {
    if (!condition)
      complain(...(values.length === 0 ? ['Assertion failed'] : ['Assertion failed:', ...values]));
  },
  group: (...values) => {
    if (values.length > 0) say(...values);
    indent += '  ';
  },
  groupEnd: () => {
    indent = indent.slice(2);
  },
  count: (label = 'default') => {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    say(`${label}: ${counts.get(label)}`);
  },
  countReset: (label = 'default') => counts.delete(label),
  time() {},
  timeEnd() {},
  timeLog() {},
  clear() {},
};

// --- timers, on a clock that jumps to the next of them ---------------------------------------------------------

let now = 0;
let serial = 0;
let timers = [];
const later = (act, delay, values, every) => {
  if (typeof act !== 'function') throw new TypeError('The "callback" argument must be of type function.');
  const wait = Number(delay);
  const timer = { id: ++serial, act, values, every, at: now + (wait >= 1 ? Math.min(wait, 2 ** 31) : 1) };
  timers.push(timer);
  return timer.id;
};
const cancel = (id) => {
  timers = timers.filter((timer) => timer.id !== id);
};
globalThis.setTimeout = (act, delay = 0, ...values) => later(act, delay, values);
globalThis.setInterval = (act, delay = 0, ...values) =>
  later(act, delay, values, Math.max(1, Number(delay) || 1));
globalThis.setImmediate = (act, ...values) => later(act, 0, values);
globalThis.clearTimeout = cancel;
globalThis.clearInterval = cancel;
globalThis.clearImmediate = cancel;
const resolved = Promise.resolve();
const then = Promise.prototype.then;
globalThis.queueMicrotask = (act) => {
  void apply(then, resolved, [() => act()]);
};
const realNow = Date.now;
const started = realNow();
Date.now = () => realNow() + Math.floor(now);
globalThis.performance = { now: () => realNow() - started + now, timeOrigin: started };

/** Runs the next timer. False when there is none: the program is over. */
// biome-ignore lint/correctness/noUnusedVariables: call.js goes on where this ends.
const step = () => {
  if (timers.length === 0) return false;
  let next = timers[0];
  for (const timer of timers)
    if (timer.at < next.at || (timer.at === next.at && timer.id < next.id)) next = timer;
  now = next.at;
  if (next.every === undefined) cancel(next.id);
  else next.at = now + next.every;
  apply(next.act, undefined, next.values);
  return true;
};

// --- process, fs, readline ----------------------------------------------------------------------------------

class Emitter {
  #listeners = new Map();
  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    this.listened?.(event);
    return this;
  }
  addListener(event, listener) {
    return this.on(event, listener);
  }
  once(event, listener) {
    const once = (...values) => {
      this.off(event, once);
      apply(listener, this, values);
    };
    return this.on(event, once);
  }
  off(event, listener) {
    this.#listeners.set(
      event,
      (this.#listeners.get(event) ?? []).filter((it) => it !== listener),
    );
    return this;
  }
  removeListener(event, listener) {
    return this.off(event, listener);
  }
  removeAllListeners(event) {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }
  listenerCount(event) {
    return (this.#listeners.get(event) ?? []).length;
  }
  emit(event, ...values) {
    const listeners = this.#listeners.get(event) ?? [];
    for (const listener of listeners) apply(listener, this, values);
    return listeners.length > 0;
  }
}

class Input extends Emitter {
  isTTY = false;
  fd = 0;
  #flows = false;
  #read = false;
  listened(event) {
    if ((event !== 'data' && event !== 'end' && event !== 'readable') || this.#flows) return;
    this.#flows = true;
    later(() => this.#flow(), 0, []);
  }
  #flow() {
    this.emit('readable');
    if (!this.#read && stdin !== '') {
      if (this.listenerCount('data') > 0) this.#read = true;
      this.emit('data', stdin);
    }
    this.emit('end');
    this.emit('close');
  }
  read() {
    if (this.#read || stdin === '') return null;
    this.#read = true;
    return stdin;
  }
  setEncoding() {
    return this;
  }
  resume() {
    this.listened('data');
    return this;
  }
  pause() {
    return this;
  }
  unref() {
    return this;
  }
  ref() {
    return this;
  }
  async *[Symbol.asyncIterator]() {
    const text = this.read();
    if (text !== null) yield text;
  }
}

const lines = stdin.split(/\r\n|\n|\r/);
if (lines.at(-1) === '') lines.pop();
let line = 0;
class Interface extends Emitter {
  #closed = false;
  #flows = false;
  #asked = [];
  #prompt = '> ';
  listened(event) {
    if (event === 'line' || event === 'close') this.#start();
  }
  #start() {
    if (this.#flows) return;
    this.#flows = true;
    later(() => this.#flow(), 0, []);
  }
  #flow() {
    if (this.#closed) return;
    const asked = this.#asked.shift();
    if (asked === undefined && this.listenerCount('line') === 0) {
      this.#flows = false;
      if (line >= lines.length) this.close();
      return;
    }
    if (line >= lines.length) {
      this.close();
      return;
    }
    const text = lines[line++];
    later(() => this.#flow(), 0, []);
    if (asked === undefined) this.emit('line', text);
    else asked(text);
  }
  ask(query, answer) {
    put(0, String(query));
    this.#asked.push(answer);
    this.#start();
  }
  setPrompt(text) {
    this.#prompt = String(text);
  }
  prompt() {
    put(0, this.#prompt);
    this.#start();
  }
  write() {}
  pause() {
    return this;
  }
  resume() {
    return this;
  }
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
  }
  async *[Symbol.asyncIterator]() {
    while (!this.#closed && line < lines.length) yield lines[line++];
    this.close();
  }
}
class CallbackInterface extends Interface {
  question(query, options, answer = options) {
    this.ask(query, answer);
  }
}
class PromiseInterface extends Interface {
  question(query) {
    return new Promise((resolve) => {
      this.ask(query, resolve);
    });
  }
}

const stdinNames = [0, '/dev/stdin', '/proc/self/fd/0'];
const noSuchFile = (path, call) => {
  const error = new Error(`ENOENT: no such file or directory, ${call} '${String(path)}'`);
  error.code = 'ENOENT';
  error.errno = -2;
  throw error;
};
const writeTo = (target, text) => {
  if (target === 1 || target === '/dev/stdout') put(0, String(text));
  else if (target === 2 || target === '/dev/stderr') put(1, String(text));
  else noSuchFile(target, 'open');
};
const fs = {
  readFileSync: (path) => (stdinNames.includes(path) ? stdin : noSuchFile(path, 'open')),
  existsSync: (path) => stdinNames.includes(path),
  writeFileSync: writeTo,
  writeSync: (target, text) => {
    writeTo(target, text);
    return String(text).length;
  },
};
const readline = {
  createInterface: () => new CallbackInterface(),
  promises: { createInterface: () => new PromiseInterface() },
};
const modules = { fs, readline, 'readline/promises': readline.promises };
globalThis.require = function require(name) {
  const known = String(name).replace(/^node:/, '');
  if (hasOwn(modules, known)) return modules[known];
  const error = new Error(
    `Cannot find module '${name}': here there are only fs.readFileSync(0) and readline`,
  );
  error.code = 'MODULE_NOT_FOUND';
  throw error;
};

const writable = (stream) => ({
  isTTY: false,
  columns: 80,
  write: (text, encoding, done = encoding) => {
    put(stream, String(text));
    if (typeof done === 'function') later(done, 0, []);
    return true;
  },
  end: (text) => {
    if (text !== undefined) put(stream, String(text));
  },
  on() {
    return this;
  },
  once() {
    return this;
  },
});
const exiting = new Error('process.exit');
class Process extends Emitter {
  argv = ['node', 'main.js'];
  env = {};
  platform = 'linux';
  version = 'v24.0.0';
  versions = { node: '24.0.0' };
  pid = 1;
  exitCode = undefined;
  stdin = new Input();
  stdout = writable(0);
  stderr = writable(1);
  exit(code = this.exitCode ?? 0) {
    // Nothing printed after this counts, and whoever catches the error is stopped by the runner.
    storeWord(header, EXIT, 1 + (Number(code) & 255));
    throw exiting;
  }
  nextTick(act, ...values) {
    void apply(then, resolved, [() => act(...values)]);
  }
  cwd() {
    return '/';
  }
  uptime() {
    return performance.now() / 1000;
  }
  memoryUsage() {
    return { rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 };
  }
  hrtime(since = [0, 0]) {
    const ms = performance.now();
    return [Math.floor(ms / 1000) - since[0], Math.floor((ms % 1000) * 1e6) - since[1]];
  }
}
Process.prototype.hrtime.bigint = () => BigInt(Math.floor(performance.now() * 1e6));
globalThis.process = new Process();
globalThis.global = globalThis;
globalThis.module = { exports: {} };
globalThis.exports = globalThis.module.exports;
