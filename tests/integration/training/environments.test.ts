import { describe, expect, test } from 'vitest';
import { environmentIds } from '#shared/domain/rl/environments/index.ts';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const student = await school.person('student');

describe('the environments', () => {
  test('are described as a form needs them: spaces, threshold, keyword arguments, tuned values', async () => {
    const { environments } = await student.training.environments({});
    expect(environments.map(({ id }) => id)).toEqual(environmentIds);
    const byId = new Map(environments.map((one) => [one.id, one]));
    expect(byId.get('CartPole-v1')).toMatchObject({
      action_space: { type: 'Discrete', n: 2 },
      observation_size: 4,
      reward_threshold: 475,
      algorithms: ['ppo', 'dqn'],
      preset: 'zoo',
      presets: { ppo: { n_envs: 8 }, dqn: { batch_size: 64 } },
    });
    // what has no bound is null: JSON knows no infinity
    expect(byId.get('CartPole-v1')?.observation_space).toMatchObject({
      type: 'Box',
      low: [-4.800000190734863, null, expect.any(Number), null],
    });
    expect(byId.get('Pendulum-v1')?.algorithms).toEqual(['ppo', 'sac']);
    expect(byId.get('FrozenLake-v1')?.preset).toBe('tuned');
    expect(byId.get('FrozenLake-v1')?.kwargs[0]).toEqual({
      name: 'map_name',
      type: 'choice',
      default: '4x4',
      options: ['4x4', '8x8'],
      description: 'Which of the two maps',
    });
    expect(byId.get('Blackjack-v1')?.observation_space).toMatchObject({
      type: 'Tuple',
      spaces: [{ n: 32 }, { n: 11 }, { n: 2 }],
    });
  });

  const start = (more: object) =>
    student.training.start({ body: { algorithm: 'ppo', environment: 'FrozenLake-v1', ...more } });

  test.each([
    [{ env_kwargs: { is_slipery: true } }, /^is_slipery does not exist; there are: map_name, is_slippery/],
    [{ env_kwargs: { map_name: '5x5' } }, /^map_name must be one of: 4x4, 8x8/],
    [{ env_kwargs: { is_slippery: 'yes' } }, /^is_slippery must be true or false/],
    [{ env_kwargs: { success_rate: 2 } }, /^success_rate must be a number from 0 to 1/],
    [{ env_kwargs: { desc: ['SF', 'F'] } }, /^desc must be 1 to 32 lines of the same length/],
    [{ env_kwargs: { constructor: true } }, /^constructor does not exist/],
    [{ environment: 'FrozenLake-v2' }, /there is no environment "FrozenLake-v2"; there are: CartPole-v1, /],
  ])('refuse %j with the field and the rule', async (more: object, words) => {
    const refused = await refusedWith(start(more));
    expect([refused.summary, refused.message]).toEqual(['422 request.invalid', expect.stringMatching(words)]);
    const kwargs = 'env_kwargs' in more ? Object(more.env_kwargs) : undefined;
    const [field] = Object.keys(kwargs ?? more);
    expect(refused.body.detail).toMatchObject([{ loc: ['body', ...(kwargs ? ['env_kwargs'] : []), field] }]);
  });

  test('are recorded with the keyword arguments that they were given', async () => {
    const { config } = await start({ env_kwargs: { is_slippery: false, map_name: '8x8' } });
    expect(config).toMatchObject({
      environment: 'FrozenLake-v1',
      env_kwargs: { is_slippery: false, map_name: '8x8' },
    });
  });
});
