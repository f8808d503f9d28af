import '#tests/support/quiet.ts';
import { describe, expect, test } from 'vitest';
import { policyFromTensors, writeSafetensors, writeTfjs } from '#shared/domain/rl/policy/index.ts';
import { ApiError } from '#shared/http/client.ts';
import { balancing, balancingFile, balancingTensors, uploadOf } from '#tests/support/policies.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const student = await school.person('student');

const refusal = async (body: Parameters<typeof student.policies.uploadPolicy>[0]['body']) => {
  const error: unknown = await student.policies.uploadPolicy({ body }).catch((thrown: unknown) => thrown);
  if (!(error instanceof ApiError)) throw new Error('it was accepted');
  return error;
};

describe('an upload', () => {
  test('of safetensors is read through, and described', async () => {
    const uploaded = await student.policies.uploadPolicy({ body: balancing() });
    expect(uploaded).toMatchObject({
      environment: 'CartPole-v1',
      env_kwargs: {},
      parameters: 10,
      layers: [{ inputs: 4, outputs: 2, activation: 'linear' }],
      action: 'argmax',
    });
  });

  test('of a TensorFlow.js model is read as well', async () => {
    const model = writeTfjs(
      policyFromTensors({ environment: 'CartPole-v1', env_kwargs: {} }, balancingTensors()),
    );
    const uploaded = await student.policies.uploadPolicy({
      body: {
        format: 'tfjs',
        environment: 'CartPole-v1',
        env_kwargs: { sutton_barto_reward: false },
        model_json: model.model,
        weights_base64: Buffer.from(model.weights).toString('base64'),
      },
    });
    expect(uploaded).toMatchObject({ format: 'tfjs', parameters: 10, env_kwargs: {} });
  });

  test('that is sent twice with one key is one', async () => {
    const twice = await Promise.all(
      [1, 2].map(() => student.policies.uploadPolicy({ body: balancing(2), idempotency_key: 'upload-1' })),
    );
    expect(twice[0]?.upload_id).toBe(twice[1]?.upload_id);
  });

  test.each([
    ['a text', uploadOf(new TextEncoder().encode('not a policy at all')), 'header'],
    ['half a file', uploadOf(balancingFile().slice(0, -8)), 'beyond the end of the file'],
    ['NaN', uploadOf(balancingFile(Number.NaN)), 'weights must be finite'],
    ['another environment', uploadOf(balancingFile(), 'Pendulum-v1'), 'takes 4 numbers'],
    ['none that there is', uploadOf(balancingFile(), 'Doom-v0'), 'there is no environment'],
    ['unknown keyword arguments', { ...balancing(), env_kwargs: { wind: 1 } }, 'does not exist'],
    ['a graph model', tfjs('{"format":"graph-model"}'), 'must be layers-model'],
    ['deep JSON', tfjs('['.repeat(50_000)), 'nested deeper'],
    [
      'code',
      tfjs(
        '{"format":"layers-model","modelTopology":{"class_name":"Lambda","config":{"function":"process.exit()"}}}',
      ),
      'Lambda: only Sequential and functional models are read',
    ],
  ])('of %s is refused with the reason', async (_, body, reason) => {
    const error = await refusal(body);
    expect(error.status).toBe(422);
    expect(JSON.stringify(error.body)).toContain(reason);
  });

  test('of 3 MB is refused before it is looked at', async () => {
    const file = writeSafetensors({
      metadata: {},
      tensors: [{ name: 'x', shape: [400_000], values: new Float64Array(400_000) }],
    });
    expect([413, 422]).toContain((await refusal(uploadOf(file))).status);
  });

  test('of two megabytes is within what a body may have', async () => {
    const hidden = 700;
    const sizes = [4, hidden, hidden, 2];
    const tensors = sizes.slice(1).flatMap((outputs, i) => {
      const inputs = sizes[i] ?? 0;
      const name = i === 2 ? 'action_net' : `mlp_extractor.policy_net.${2 * i}`;
      return [
        {
          name: `${name}.weight`,
          shape: [outputs, inputs],
          values: new Float32Array(inputs * outputs).fill(0.01),
        },
        { name: `${name}.bias`, shape: [outputs], values: new Float32Array(outputs) },
      ];
    });
    const file = writeSafetensors({ metadata: {}, tensors });
    expect(file.length).toBeGreaterThan(1.9e6);
    const uploaded = await student.policies.uploadPolicy({ body: uploadOf(file) });
    expect(uploaded.parameters).toBe(4 * hidden + hidden + hidden * hidden + hidden + 2 * hidden + 2);
  });

  test('is limited within an hour, and says when to come again', async () => {
    const eager = await school.person('student');
    const all = await Promise.allSettled(
      Array.from({ length: 25 }, () => eager.policies.uploadPolicy({ body: balancing() })),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    const refused = all.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { status: 429 } });
  });
});

function tfjs(model_json: string) {
  return {
    format: 'tfjs' as const,
    environment: 'CartPole-v1',
    env_kwargs: {},
    model_json,
    weights_base64: 'AAAA',
  };
}
