import { createHash } from 'node:crypto';
import type { RecordedConfig } from '../contracts/training.ts';

/** The same for configurations that differ in nothing but what says which run it is: the group over seeds. */
export function configHash(config: RecordedConfig): string {
  const { seed: _seed, name: _name, class_id: _class, ...compared } = config;
  return createHash('sha256')
    .update(JSON.stringify(sorted(compared)))
    .digest('hex')
    .slice(0, 16);
}

/** The same object whatever order its keys came in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
