/** A policy that balances CartPole for 500 steps, as files. */
import type { PolicyUpload } from '#shared/contracts/training-policies.ts';
import { type NamedTensor, writeSafetensors } from '#shared/domain/rl/policy/index.ts';

/** One layer: pushes towards the side to which the pole leans and falls. `strength` 0 pushes left for ever. */
export const balancingTensors = (strength = 1): NamedTensor[] => [
  {
    name: 'action_net.weight',
    shape: [2, 4],
    values: Float64Array.of(-0.1, -0.5, -5, -2, 0.1, 0.5, 5, 2).map((x) => x * strength),
  },
  { name: 'action_net.bias', shape: [2], values: Float64Array.of(0, 0) },
];

export const balancingFile = (strength?: number): Uint8Array =>
  writeSafetensors({ metadata: {}, tensors: balancingTensors(strength) });

type Safetensors = Extract<PolicyUpload, { format: 'safetensors' }>;

/** The body of an upload. */
export const uploadOf = (file: Uint8Array, environment = 'CartPole-v1'): Safetensors => ({
  format: 'safetensors',
  environment,
  env_kwargs: {},
  base64: Buffer.from(file).toString('base64'),
});

export const balancing = (strength?: number): Safetensors => uploadOf(balancingFile(strength));
