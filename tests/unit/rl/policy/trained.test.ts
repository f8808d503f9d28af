import { describe, expect, it } from 'vitest';
import { createTraining, type TrainingRequest } from '#shared/domain/rl/index.ts';
import {
  evaluateOn,
  policyFromTensors,
  readPolicy,
  readTfjs,
  writePolicy,
  writeTfjs,
} from '#shared/domain/rl/policy/index.ts';
import { evaluationSeed } from '#shared/domain/rl/random/streams.ts';
import { trainedPolicy, trainedWeights } from '#shared/jobs/trained-policy.ts';

const small = { hidden_sizes: [16, 16] };
const offPolicy = { ...small, learning_starts: 50, batch_size: 16, buffer_size: 500 };
const onPolicy = { ...small, n_steps: 64, batch_size: 32 };

const cases: Readonly<Record<string, TrainingRequest>> = {
  'PPO, discrete': { algorithm: 'ppo', environment: 'CartPole-v1', hyperparameters: onPolicy },
  'PPO, normalised': {
    algorithm: 'ppo',
    environment: 'Acrobot-v1',
    hyperparameters: { ...onPolicy, norm_obs: true, norm_reward: true },
  },
  'PPO, continuous': { algorithm: 'ppo', environment: 'Pendulum-v1', hyperparameters: onPolicy },
  'PPO with gSDE': {
    algorithm: 'ppo',
    environment: 'MountainCarContinuous-v0',
    hyperparameters: { ...onPolicy, use_sde: true, activation: 'relu' },
  },
  'PPO, one-hot': {
    algorithm: 'ppo',
    environment: 'FrozenLake-v1',
    env_kwargs: { map_name: '8x8' },
    hyperparameters: onPolicy,
  },
  DQN: { algorithm: 'dqn', environment: 'CartPole-v1', hyperparameters: offPolicy },
  SAC: { algorithm: 'sac', environment: 'Pendulum-v1', hyperparameters: offPolicy },
  'SAC with gSDE': {
    algorithm: 'sac',
    environment: 'Pendulum-v1',
    hyperparameters: { ...offPolicy, use_sde: true },
  },
};

const episodes = 4;

function train(request: TrainingRequest, engine: 'reference' | 'fast') {
  const seed = 11;
  const training = createTraining({
    config: { ...request, engine, max_steps: 256, eval_frequency: 256, save_frequency: 256 },
    seed,
    now: () => 0,
  });
  while (!training.done) training.advance();
  const evaluation = training.evaluate(episodes);
  const first = evaluationSeed(seed, training.step);
  return {
    config: training.config,
    weights: training.weights(),
    returns: evaluation?.returns ?? [],
    seeds: Array.from({ length: episodes }, (_, i) => first + i),
  };
}

describe.each(Object.entries(cases))('the policy of a training with %s', (_, request) => {
  it('acts as it did in its evaluation, to the last bit of every return', () => {
    const { config, weights, returns, seeds } = train(request, 'reference');
    const played = evaluateOn(trainedPolicy({ config }, weights), seeds);
    expect(returns).toHaveLength(episodes);
    expect(played.episodes.map(({ reward }) => reward)).toEqual(returns);
  });

  it('survives its files', () => {
    const { config, weights, seeds } = train(request, 'fast');
    const exported = trainedWeights({ config }, weights);
    const { tensors, ...settings } = exported;
    const policy = policyFromTensors(settings, tensors);
    const { best: _best, median: _median, ...expected } = evaluateOn(policy, seeds);
    const { environment, env_kwargs } = config;
    const wanted = { environment, env_kwargs };
    expect(evaluateOn(readPolicy(writePolicy(exported), wanted), seeds)).toMatchObject(expected);
    // the fast engine's weights are float32, and so are a model's
    expect(evaluateOn(readTfjs(writeTfjs(policy), wanted), seeds)).toMatchObject(expected);
  });
});
