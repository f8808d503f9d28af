import type { Engine } from './engine.ts';
import { createFastEngine } from './fast/index.ts';
import { referenceEngine } from './reference/index.ts';

export const engineNames = ['reference', 'fast'] as const satisfies readonly Engine['name'][];
export type EngineName = (typeof engineNames)[number];

/** The engine of that name; never another in its place. */
export function createEngine(name: EngineName): Engine {
  switch (name) {
    case 'reference':
      return referenceEngine;
    case 'fast':
      return createFastEngine();
  }
}
