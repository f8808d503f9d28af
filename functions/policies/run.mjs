// Runs the policy in policy.safetensors. Needs Node 20 or newer, and nothing else.
//
//   node run.mjs 0.01 0 0.02 0            one observation, one action
//   node run.mjs < observations.jsonl     a JSON list a line, an action a line
//
// or in a program of your own:  import { act } from './run.mjs';  act([0.01, 0, 0.02, 0]);
import { readFileSync, realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// A safetensors file: the header's length in eight bytes, the header as JSON, then the numbers.
const file = readFileSync(new URL('policy.safetensors', import.meta.url));
const dataStart = 8 + Number(file.readBigUInt64LE(0));
const { __metadata__: metadata, ...tensors } = JSON.parse(file.subarray(8, dataStart).toString());
export const policy = JSON.parse(metadata.policy);

function numbers(name) {
  const { dtype, data_offsets } = tensors[name];
  const [begin, end] = data_offsets.map((offset) => dataStart + offset);
  const values = [];
  if (dtype === 'F64') for (let at = begin; at < end; at += 8) values.push(file.readDoubleLE(at));
  else for (let at = begin; at < end; at += 4) values.push(file.readFloatLE(at));
  return values;
}

const layers = policy.layers.map(({ name, activation }) => ({
  weight: numbers(`${name}.weight`), // [outputs][inputs], row by row
  bias: numbers(`${name}.bias`),
  activation,
}));
const statistics = policy.normalization && {
  mean: numbers(policy.normalization.mean),
  variance: numbers(policy.normalization.var),
};

/** What the network takes: numbers as they are, integers one-hot; normalised as in training. */
function encode(observation) {
  const { kind, size, sizes } = policy.observation;
  const expected = kind === 'vector' ? size : sizes.length;
  if (observation.length !== expected || !observation.every(Number.isFinite))
    throw new Error(`an observation of ${metadata.environment} has ${expected} numbers`);
  const x = kind === 'vector' ? observation : sizes.flatMap((n, i) => oneHot(n, observation[i]));
  if (!statistics) return x;
  const { clip, epsilon } = policy.normalization;
  const { mean, variance } = statistics;
  return x.map((value, i) => clamp((value - mean[i]) / Math.sqrt(variance[i] + epsilon), -clip, clip));
}

const oneHot = (n, value) => Array.from({ length: n }, (_, i) => (i === value ? 1 : 0));
const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
const activations = { tanh: Math.tanh, relu: (x) => Math.max(x, 0), linear: (x) => x };

/** One layer: activation(W x + b). */
const pass = (x, { weight, bias, activation }) =>
  bias.map((b, row) =>
    activations[activation](x.reduce((sum, value, i) => sum + weight[row * x.length + i] * value, b)),
  );

/** The action for an observation: an integer, or a list of numbers. */
export function act(observation) {
  const output = layers.reduce(pass, encode(observation));
  const { kind, low, high, mean_limit } = policy.head;
  if (kind === 'argmax' || kind === 'q_values') return output.indexOf(Math.max(...output));
  if (kind === 'clipped') return output.map((x, i) => clamp(x, low[i], high[i]));
  const limit = mean_limit ?? Infinity; // squashed: tanh, then scaled to the bounds
  return output.map((x, i) => low[i] + 0.5 * (Math.tanh(clamp(x, -limit, limit)) + 1) * (high[i] - low[i]));
}

const isProgram =
  process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url));
if (isProgram) {
  try {
    if (process.argv.length > 2) console.log(JSON.stringify(act(process.argv.slice(2).map(Number))));
    else
      for await (const line of createInterface({ input: process.stdin }))
        console.log(JSON.stringify(act([JSON.parse(line)].flat())));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
