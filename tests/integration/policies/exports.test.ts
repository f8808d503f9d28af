import '#tests/support/quiet.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { createActor, readPolicy, readTfjs, writeSafetensors } from '#shared/domain/rl/policy/index.ts';
import { balancingTensors } from '#tests/support/policies.ts';
import { aSchool } from '#tests/support/school.ts';
import { scratch } from '#tests/support/scratch.ts';
import { aTrained } from './world.ts';

const school = await aSchool();
const student = await school.person('student');
const folder = scratch('export');

const cartPole = { environment: 'CartPole-v1', env_kwargs: {} };
const size = 4;
/** As a training keeps them: with its critic, and the statistics of observations. */
const weights = writeSafetensors({
  metadata: { format: 'lyceum-ppo-1' },
  tensors: [
    ...balancingTensors(),
    { name: 'value_net.weight', shape: [1, size], values: new Float64Array(size) },
    { name: 'value_net.bias', shape: [1], values: new Float64Array(1) },
    {
      name: 'normaliser.observations',
      shape: [2 * size + 1],
      values: Float64Array.of(0.1, 0, 0, 0, 4, 1, 0.25, 1, 900),
    },
  ],
});
const session_id = await aTrained(school, student, { file: weights });
const exported = async (format: 'zip' | 'safetensors' | 'tfjs') => {
  const file = await student.policies.exportPolicy({ params: { session_id }, query: { format } });
  return { ...file, bytes: new Uint8Array(Buffer.from(file.base64, 'base64')) };
};
const filesOf = async (format: 'zip' | 'tfjs') => {
  const { bytes } = await exported(format);
  return new Map(
    Object.entries(unzipSync(bytes)).map(([path, content]) => [path.split('/').at(-1) ?? '', content]),
  );
};
const part = (files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array => {
  const content = files.get(name);
  if (!content) throw new Error(`there is no ${name}`);
  return content;
};

describe('an exported policy', () => {
  test('as safetensors is the one that was trained, without its critic', async () => {
    const { bytes, file_name } = await exported('safetensors');
    expect(file_name).toMatch(/^cartpole-v1-ppo-[0-9a-f]{8}\.safetensors$/);
    const policy = readPolicy(bytes, cartPole);
    expect([...(policy.normalization?.mean ?? [])]).toEqual([0.1, 0, 0, 0]);
    expect([...(policy.normalization?.var ?? [])]).toEqual([4, 1, 0.25, 1]);
    expect(Buffer.from(bytes).includes('value_net')).toBe(false);
  });

  test('as a TensorFlow.js model acts the same', async () => {
    const files = await filesOf('tfjs');
    const model = new TextDecoder().decode(part(files, 'model.json'));
    const policy = readTfjs({ model, weights: part(files, 'weights.bin') }, cartPole);
    expect(policy.normalization?.clip).toBe(10);
    const act = createActor(policy);
    expect(act(Float64Array.of(0, 0, 0.1, 0.2))).toBe(1);
  });

  test('runs in plain Node, with nothing but its own folder', async () => {
    const files = await filesOf('zip');
    for (const [name, content] of files) {
      const file = join(folder, 'policy', name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    const policy = readPolicy(part(files, 'policy.safetensors'), cartPole);
    const act = createActor(policy);
    const observations = Array.from({ length: 50 }, (_, i) => [
      Math.sin(i),
      Math.cos(3 * i),
      0.2 * Math.sin(7 * i),
      Math.cos(5 * i),
    ]);
    const child = spawn(process.execPath, ['run.mjs'], { cwd: join(folder, 'policy'), env: {} });
    child.stdin.end(observations.map((observation) => `${JSON.stringify(observation)}\n`).join(''));
    const [output, complaint, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
    expect(output.trim().split('\n').map(Number)).toEqual(
      observations.map((observation) => act(Float64Array.from(observation))),
    );
  });

  test('tells on its page what it may load: nothing', async () => {
    const page = new TextDecoder().decode(part(await filesOf('zip'), 'index.html'));
    expect(page).toMatch(
      /content="default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]+'; style-src 'sha256-/,
    );
    expect(page).not.toMatch(/https?:\/\/|<link|src=/);
    expect(page).not.toContain('{{');
  });

  test('is there when the training is completed, and for who may see it', async () => {
    const running = await aTrained(school, student, { state: 'cancelled' });
    await expect(student.policies.exportPolicy({ params: { session_id: running } })).rejects.toMatchObject({
      status: 409,
    });
    const other = await school.person('student');
    await expect(other.policies.exportPolicy({ params: { session_id } })).rejects.toMatchObject({
      status: 404,
    });
  });
});
