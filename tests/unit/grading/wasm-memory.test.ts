import { expect, it } from 'vitest';
import { capMemory } from '#functions/tasks/grader/wasm-memory.ts';

const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** (export "m" (memory 0)) */
const exportSection = [7, 5, 1, 1, 0x6d, 2, 0];

it('memory has the new maximum, whether it had one or none, and the rest of the module is as it was', () => {
  // 4,096 pages are 0x80 0x20 in LEB128
  const capped = Buffer.from([...magic, 5, 5, 1, 1, 1, 0x80, 0x20, ...exportSection]);
  const bounded = Uint8Array.from([...magic, 5, 4, 1, 1, 1, 100, ...exportSection]);
  const unbounded = Uint8Array.from([...magic, 5, 3, 1, 0, 1, ...exportSection]);
  expect(Buffer.from(capMemory(bounded, 4096))).toEqual(capped);
  expect(Buffer.from(capMemory(unbounded, 4096))).toEqual(capped);
});

it('a module without memory is refused', () => {
  expect(() => capMemory(Uint8Array.from([...magic, ...exportSection]), 1)).toThrow('no memory');
});
