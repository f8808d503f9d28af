import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { NamedTensor } from '#shared/domain/rl/policy/index.ts';
import { Pcg64 } from '#shared/domain/rl/random/pcg64.ts';

type Nested = number | readonly Nested[];
const nested: z.ZodType<Nested> = z.lazy(() => z.union([z.number(), z.array(nested)]));
const rows = z.array(z.array(z.number()));
const recorded = z.object({
  tensors: z.record(z.string(), nested),
  observations: rows,
  log_softmax_logits: rows.optional(),
  mean: rows.optional(),
  q_values: rows.optional(),
});
const fixture = z.record(z.enum(['ppo_discrete', 'ppo_continuous', 'dqn', 'sac']), recorded);

/** Weights and outputs that Stable-Baselines3 recorded. */
export const recordedPolicies = fixture.parse(
  JSON.parse(readFileSync(new URL('../../../fixtures/rl/policies.json', import.meta.url), 'utf8')),
);

export const toTensors = (named: Readonly<Record<string, Nested>>): NamedTensor[] =>
  Object.entries(named).map(([name, value]) => ({
    name,
    shape: shapeOf(value),
    values: Float64Array.from(flat(value)),
  }));

const shapeOf = (value: Nested): number[] =>
  typeof value === 'number' ? [] : [value.length, ...shapeOf(value[0] ?? 0)];

const flat = (value: Nested): number[] => (typeof value === 'number' ? [value] : value.flatMap(flat));

/** Tensors of random weights with these sizes; the last layer has its own name. */
export function randomTensors(
  sizes: readonly number[],
  hidden: string,
  last: string,
  seed = 1,
  scale = 0.5,
): NamedTensor[] {
  const random = new Pcg64(seed);
  const draw = (size: number) => Float64Array.from({ length: size }, () => random.uniform(-scale, scale));
  return sizes.slice(1).flatMap((outputs, i) => {
    const inputs = sizes[i] ?? 0;
    const name = i === sizes.length - 2 ? last : `${hidden}.${2 * i}`;
    return [
      { name: `${name}.weight`, shape: [outputs, inputs], values: draw(outputs * inputs) },
      { name: `${name}.bias`, shape: [outputs], values: draw(outputs) },
    ];
  });
}

export const ppoTensors = (sizes: readonly number[], seed?: number, scale?: number) =>
  randomTensors(sizes, 'mlp_extractor.policy_net', 'action_net', seed, scale);
