const memorySection = 5;
const headerBytes = 8;

/**
 * The same WebAssembly module with the maximum of its own memory set to `pages` of 64 KB, so that its program gets a
 * clean out-of-memory instead of taking the process with it. Binary format: WebAssembly core specification, 5.5.8.
 */
export function capMemory(module: Uint8Array, pages: number): Uint8Array {
  const section = findSection(module, memorySection);
  if (section === undefined) throw new Error('The module has no memory of its own.');
  const [, limits] = readLeb(module, section.body);
  const flags = module[limits] ?? 0;
  const [minimum] = readLeb(module, limits + 1);
  const body = [1, flags | 1, ...writeLeb(minimum), ...writeLeb(pages)];
  return Buffer.concat([
    module.subarray(0, section.start),
    Uint8Array.from([memorySection, ...writeLeb(body.length), ...body]),
    module.subarray(section.end),
  ]);
}

function findSection(module: Uint8Array, wanted: number) {
  for (let start = headerBytes; start < module.length; ) {
    const [length, body] = readLeb(module, start + 1);
    if (module[start] === wanted) return { start, body, end: body + length };
    start = body + length;
  }
  return undefined;
}

/** An unsigned LEB128 number at `at`, and the position after it. */
function readLeb(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0, next = at; ; shift += 7) {
    const byte = bytes[next++] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, next];
  }
}

function writeLeb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...writeLeb(Math.floor(value / 128))];
}
