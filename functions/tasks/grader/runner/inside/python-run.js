// Connects the interpreter to the channel. Body of a function that returns `runTest`. $0: the channel.

const { lyceumPy: py, lyceumHost: host } = globalThis;
const header = new Int32Array($0, 0, 16);
const LENGTH = { 1: 0, 2: 1 };
const OVERFLOW = 2;
const TAINTED = 3;
const OPENED = 4;
const HEAP_USED = 7;
const OUTPUT_LIMIT = 8;
const HEAP_LENGTH = 10;
const capacity = ($0.byteLength - 64) / 2;
const streams = { 1: new Uint8Array($0, 64, capacity), 2: new Uint8Array($0, 64 + capacity, capacity) };

const writer = (stream) => ({
  write: (bytes) => {
    const at = header[LENGTH[stream]];
    const room = Math.max(0, Math.min(capacity - at, header[OUTPUT_LIMIT] - header[0] - header[1]));
    const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
    streams[stream].set(kept, at);
    header[LENGTH[stream]] = at + kept.length;
    if (kept.length < bytes.length) header[OVERFLOW] = 1;
    return bytes.length;
  },
});
let input = new Uint8Array(0);
let read = 0;
py.setStdin({
  read: (into) => {
    const count = Math.min(into.length, input.length - read);
    into.set(input.subarray(read, read + count));
    read += count;
    return count;
  },
});
py.setStdout(writer(1));
py.setStderr(writer(2));

// By default it prints all frames, ours among them, and keeps the interpreter from answering.
py._api.fatal_error = (error) => {
  throw error;
};

const harness = py.globals.get('_lyceum_run');
const module = py._module;
const stack = module.stackSave();
const clean = module.HEAPU8.slice();
for (const name of Object.keys(globalThis)) if (name.startsWith('lyceum')) delete globalThis[name];
header[TAINTED] = 0;
header[OPENED] = 0;
header[HEAP_LENGTH] = 0;
const breakAt = module._emscripten_get_sbrk_ptr() >>> 2;
const table = module.wasmTable;
const tableLength = table.length;
let used = false;

/** Puts linear memory and the stack pointer back to what they were after the start. */
const restore = () => {
  const heap = module.HEAPU8;
  heap.set(clean);
  if (heap.length > clean.length) heap.fill(0, clean.length);
  module.stackRestore(stack);
};

// biome-ignore lint/correctness/noUnusedVariables: the runner appends its return.
const runTest = (source, spec, stdin) => {
  if (used) restore();
  used = true;
  input = new Uint8Array(stdin);
  read = 0;
  host.reseed();
  const reply = harness(source, spec);
  // The break: memory itself never shrinks, so that its length tells only of the worst test so far.
  header[HEAP_USED] = module.HEAPU32[breakAt];
  header[HEAP_LENGTH] = module.HEAPU8.length > clean.length ? module.HEAPU8.length : 0;
  if (table.length !== tableLength) header[TAINTED] = 1;
  return reply;
};
