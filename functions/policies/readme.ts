import { inputSize, type Policy, parameterCount } from '#shared/domain/rl/policy/index.ts';

const actions: Readonly<Record<Policy['head']['kind'], string>> = {
  argmax: 'the action with the highest output (logits)',
  q_values: 'the action with the highest output (values of the actions)',
  clipped: 'the output, clipped to the bounds',
  squashed: 'tanh of the output, scaled to the bounds',
};

/** What is in an exported policy's archive, and how to use it. */
export function readme(policy: Policy): string {
  const { environment, observation, layers, head } = policy;
  const example =
    observation.kind === 'vector'
      ? Array.from({ length: observation.size }, () => '0').join(' ')
      : observation.sizes.map(() => '0').join(' ');
  const widths = [inputSize(observation), ...layers.map(({ outputs }) => outputs)].join(' → ');
  return `# A policy for ${environment}

${parameterCount(policy)} parameters, ${widths}. Action: ${actions[head.kind]}.${
    policy.normalization === null ? '' : ' Observations are normalised as in training.'
  }
${Object.keys(policy.env_kwargs).length === 0 ? '' : `\nTrained with \`env_kwargs\` ${JSON.stringify(policy.env_kwargs)}.\n`}
- \`index.html\`: open it in a browser; it runs the policy in the environment, without a network.
- \`run.mjs\`: \`node run.mjs ${example}\` prints the action for an observation (Node 20 or newer, nothing to install).
- \`policy.safetensors\`: the weights under Stable-Baselines3's names, and under \`policy\` in the metadata how to act:

      from safetensors.torch import load_file
      weights = load_file("policy.safetensors")

- \`model.json\`, \`weights.bin\`: the network for TensorFlow.js:

      const model = await tf.loadLayersModel('model.json');
      const output = model.predict(tf.tensor2d([observation]));
`;
}
