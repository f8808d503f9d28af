import type { Engine } from '#shared/domain/rl/engine/engine.ts';
import { createEngine, type EngineName, engineNames } from '#shared/domain/rl/engine/index.ts';

/** How far an engine's numbers may be from exact ones. */
const tolerances: Readonly<Record<EngineName, number>> = { reference: 1e-9, fast: 1e-5 };

/** Every engine, for `describe.each`. */
export const engines: readonly { name: EngineName; engine: Engine; tolerance: number }[] = engineNames.map(
  (name) => ({ name, engine: createEngine(name), tolerance: tolerances[name] }),
);
