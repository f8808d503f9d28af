import type { Activation, Engine, Network, ParameterSet } from '../../engine/engine.ts';
import type { EnvironmentModel } from '../../environments/environment.ts';
import { sizeOf } from '../../environments/spaces.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import { initialiseOrthogonal, initialiseUniform } from '../initialisation.ts';
import { Categorical } from './categorical.ts';
import type { ActionDistribution } from './distribution.ts';
import { DiagonalGaussian } from './gaussian.ts';
import { StateDependentGaussian } from './state-dependent-gaussian.ts';

/** What an actor-critic is made of. */
export interface ActorCriticShape {
  readonly observationSize: number;
  readonly actionSpace: EnvironmentModel['actionSpace'];
  /** Widths of the hidden layers, of both networks. */
  readonly hiddenSizes: readonly number[];
  readonly activation: Activation;
  /** The most samples that pass through at once. */
  readonly maxBatch: number;
  /** Continuous actions with noise that depends on the state (gSDE). */
  readonly stateDependentNoise: boolean;
  /** Initial ln of the standard deviation of continuous actions. */
  readonly logStdInit: number;
}

/**
 * Two separate networks (Stable-Baselines3's `ActorCriticPolicy`): the actor gives a distribution over
 * actions, the critic the value of an observation.
 */
export interface ActorCritic {
  readonly shape: ActorCriticShape;
  readonly parameters: ParameterSet;
  readonly actor: ActionDistribution;
  /** Output: values [batch][1]. */
  readonly critic: Network;
}

/** An actor-critic whose parameters are all zero but `log_std`; see `initialise`. */
export function createActorCritic(engine: Engine, shape: ActorCriticShape): ActorCritic {
  const { observationSize, actionSpace, hiddenSizes: hidden, activation, maxBatch } = shape;
  const base = { inputs: observationSize, activation, maxBatch };
  const layers = (prefix: string): string[] => hidden.map((_, l) => `mlp_extractor.${prefix}.${2 * l}`);
  const critic = { ...base, hidden, outputs: 1, names: [...layers('value_net'), 'value_net'] };
  const actor = (outputs: number) => ({
    ...base,
    hidden,
    outputs,
    names: [...layers('policy_net'), 'action_net'],
  });
  if (actionSpace.kind === 'discrete') {
    const parameters = engine.parameters({ networks: [actor(actionSpace.n), critic] });
    return made(shape, parameters, new Categorical(parameters.network(0)), 1);
  }
  const actionSize = sizeOf(actionSpace);
  if (!shape.stateDependentNoise) {
    const vectors = [{ name: 'log_std', length: actionSize }];
    const parameters = engine.parameters({ networks: [actor(actionSize), critic], vectors });
    return made(shape, parameters, new DiagonalGaussian(parameters, actionSize, shape.logStdInit), 1);
  }
  // The noise depends on the features below the head, so the two are networks of their own.
  const features = hidden.at(-1) ?? observationSize;
  const trunk = { ...base, hidden: hidden.slice(0, -1), outputs: features, names: layers('policy_net') };
  const head = { ...base, inputs: features, hidden: [], outputs: actionSize, names: ['action_net'] };
  const vectors = [{ name: 'log_std', length: features * actionSize }];
  const parameters = engine.parameters({ networks: [trunk, head, critic], vectors });
  return made(shape, parameters, new StateDependentGaussian(parameters, shape.logStdInit), 2);
}

function made(
  shape: ActorCriticShape,
  parameters: ParameterSet,
  actor: ActionDistribution,
  criticIndex: number,
): ActorCritic {
  return { shape, parameters, actor, critic: parameters.network(criticIndex) };
}

/**
 * Orthogonal weights with gains √2 (hidden), 0.01 (action head), 1 (value head), and zero biases, as
 * Stable-Baselines3; PyTorch's default instead where `orthogonal` is false.
 */
export function initialise({ parameters }: ActorCritic, random: Pcg64, orthogonal: boolean): void {
  const tensors = inOrder(parameters);
  if (!orthogonal) initialiseUniform(tensors, random);
  else {
    for (const tensor of tensors) {
      if (tensor.shape.length === 2) initialiseOrthogonal(tensor, gainOf(tensor.name), random);
    }
  }
}

/** The layers' tensors in the order of Stable-Baselines3's `state_dict`: hidden ones, then the heads. */
function inOrder({ tensors }: ParameterSet) {
  const place = ({ name }: { readonly name: string }): number =>
    ['mlp_extractor.policy_net', 'mlp_extractor.value_net', 'action_net', 'value_net'].findIndex((prefix) =>
      name.startsWith(prefix),
    );
  return tensors.filter((tensor) => place(tensor) >= 0).sort((a, b) => place(a) - place(b));
}

function gainOf(name: string): number {
  if (name === 'action_net.weight') return 0.01;
  if (name === 'value_net.weight') return 1;
  return Math.SQRT2;
}
