import type { EnvironmentModel } from '../environments/environment.ts';
import { environmentModel } from '../environments/index.ts';
import { flattenedSize } from '../environments/spaces.ts';
import { checkMeantFor, oneOf, policyFormat, type WantedFor } from './describe.ts';
import { checkedNormalization, checkedPolicy } from './from-tensors.ts';
import { InvalidPolicy } from './invalid-policy.ts';
import {
  type ActionHead,
  boundsOf,
  type ObservationNormalization,
  type Policy,
  type PolicyLayer,
} from './policy.ts';
import { isObject, type Json, type JsonObject, parseStrictJson } from './strict-json.ts';
import {
  checkedShape,
  checkFinite,
  checkTotal,
  type PolicyLimits,
  policyLimits,
  sizeOfShape,
} from './tensors.ts';
import { type DenseSpec, denseLayers } from './tfjs-topology.ts';
import type { TfjsModel } from './tfjs-write.ts';

const jsonDepth = 16;

/**
 * The policy in a TensorFlow.js layers model: a Sequential, or a functional model without branches, of Dense layers
 * with tanh, relu or linear. Anything else is refused by its name; nothing in a model is ever run.
 *
 * One that `writeTfjs` made says itself how its output becomes an action. Of any other, discrete actions are taken as
 * the argmax, and continuous ones clipped to their bounds.
 * @throws InvalidPolicy; UnknownEnvironment, InvalidEnvironmentKwarg
 */
export function readTfjs(files: TfjsModel, wanted: WantedFor, limits: PolicyLimits = policyLimits): Policy {
  const model = environmentModel(wanted.environment, wanted.env_kwargs);
  const json = modelOf(files, limits);
  const specs = denseLayers(json['modelTopology']);
  const weights = weightsOf(json['weightsManifest'], files.weights, limits);
  const layers = specs.map((spec) => layerFrom(spec, weights));
  const [left] = weights.keys();
  if (left !== undefined) throw new InvalidPolicy('unsupported', left, 'is a weight of no layer');
  const told = toldIn(json['userDefinedMetadata'], wanted);
  return checkedPolicy(model, {
    environment: wanted.environment,
    env_kwargs: wanted.env_kwargs,
    layers,
    normalization: normalizationOf(told['normalization'], flattenedSize(model.observationSpace)),
    head: headOf(model, told['head']),
  });
}

function modelOf({ model, weights }: TfjsModel, limits: PolicyLimits): JsonObject {
  if (model.length > limits.headerBytes)
    throw new InvalidPolicy('too_large', 'model.json', `has more than ${limits.headerBytes} characters`);
  if (weights.length > limits.bytes)
    throw new InvalidPolicy('too_large', 'weights.bin', `has more than ${limits.bytes} bytes`);
  const json = parseStrictJson(model, jsonDepth);
  if (!isObject(json)) throw new InvalidPolicy('malformed', 'model.json', 'must be an object');
  if (json['format'] !== 'layers-model')
    throw new InvalidPolicy('unsupported', 'format', 'must be layers-model (graph models are not read)');
  return json;
}

type Weights = Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;

/** The arrays of weights.bin by their names, as the one group of the manifest lays them out. */
function weightsOf(manifest: Json | undefined, bytes: Uint8Array, limits: PolicyLimits): Weights {
  const [group, ...more] = Array.isArray(manifest) ? manifest : [];
  if (!isObject(group) || more.length > 0 || !Array.isArray(group['weights']))
    throw new InvalidPolicy('unsupported', 'weightsManifest', 'must be one group of weights');
  if (!Array.isArray(group['paths']) || group['paths'].length !== 1)
    throw new InvalidPolicy('unsupported', 'weightsManifest', 'must have its weights in one file');
  if (group['weights'].length > limits.tensors)
    throw new InvalidPolicy('too_large', 'weightsManifest', `has more than ${limits.tensors} weights`);
  const specs = group['weights'].map((spec) => specOf(spec, limits));
  checkTotal(
    specs.map(({ shape }) => shape),
    limits,
  );
  const needed = 4 * specs.reduce((sum, { shape }) => sum + sizeOfShape(shape), 0);
  if (needed !== bytes.length)
    throw new InvalidPolicy(
      'malformed',
      'weights.bin',
      `has ${bytes.length} bytes, its manifest needs ${needed}`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights: Weights = new Map();
  let at = 0;
  for (const { name, shape } of specs) {
    if (weights.has(name)) throw new InvalidPolicy('malformed', name, 'is there twice');
    const start = at;
    const values = Float32Array.from({ length: sizeOfShape(shape) }, (_, i) =>
      view.getFloat32(start + 4 * i, true),
    );
    checkFinite(name, values);
    weights.set(name, { shape, values });
    at += values.byteLength;
  }
  return weights;
}

function specOf(spec: Json, limits: PolicyLimits) {
  if (!isObject(spec) || typeof spec['name'] !== 'string')
    throw new InvalidPolicy('malformed', 'weightsManifest', 'each weight needs a name');
  const { name, dtype, quantization } = spec;
  if (typeof name !== 'string')
    throw new InvalidPolicy('malformed', 'weightsManifest', 'a name must be a text');
  if (dtype !== 'float32' || quantization !== undefined)
    throw new InvalidPolicy('unsupported', name, 'must be float32 and not quantised');
  return { name, shape: checkedShape(name, spec['shape'], limits) };
}

function layerFrom({ name, units, activation }: DenseSpec, weights: Weights): PolicyLayer {
  const take = (part: 'kernel' | 'bias') => {
    const key = `${name}/${part}`;
    const found = weights.get(key);
    if (found === undefined) throw new InvalidPolicy('shape', key, 'is missing');
    weights.delete(key);
    return found;
  };
  const kernel = take('kernel');
  const bias = take('bias');
  const [inputs = 0, outputs = 0] = kernel.shape;
  if (kernel.shape.length !== 2 || outputs !== units)
    throw new InvalidPolicy('shape', `${name}/kernel`, `must be [inputs, ${units}]`);
  if (bias.shape.length !== 1 || bias.shape[0] !== units)
    throw new InvalidPolicy('shape', `${name}/bias`, `must be [${units}]`);
  const weight = new Float64Array(inputs * outputs);
  for (let i = 0; i < inputs; i++)
    for (let o = 0; o < outputs; o++) weight[o * inputs + i] = kernel.values[i * outputs + o] ?? 0;
  return { inputs, outputs, activation, weight, bias: Float64Array.from(bias.values) };
}

/** Our own metadata, if it has any. */
function toldIn(metadata: Json | undefined, wanted: WantedFor): JsonObject {
  const told = isObject(metadata) ? metadata['policy'] : undefined;
  if (!isObject(told) || told['format'] !== policyFormat) return {};
  const environment = told['environment'];
  checkMeantFor(wanted, typeof environment === 'string' ? environment : undefined, told['env_kwargs']);
  return told;
}

function normalizationOf(given: Json | undefined, size: number): ObservationNormalization | null {
  if (given === undefined || given === null) return null;
  if (!isObject(given)) throw new InvalidPolicy('malformed', 'normalization', 'must be an object');
  const { mean, var: variance, clip, epsilon } = given;
  if (typeof clip !== 'number' || typeof epsilon !== 'number')
    throw new InvalidPolicy('malformed', 'normalization', 'needs mean, var, clip and epsilon');
  return checkedNormalization({ mean: numbers(mean), var: numbers(variance), clip, epsilon }, size);
}

function numbers(values: Json | undefined): Float64Array {
  const all = Array.isArray(values) ? values : [];
  const found = all.filter((x) => typeof x === 'number');
  if (!Array.isArray(values) || found.length !== all.length)
    throw new InvalidPolicy('malformed', 'normalization', 'mean and var must be lists of numbers');
  const array = Float64Array.from(found);
  checkFinite('normalization', array);
  return array;
}

/** Bounds are the environment's, whatever the file says. */
function headOf({ id, actionSpace }: EnvironmentModel, told: Json | undefined): ActionHead {
  const head = isObject(told) ? told : {};
  if (actionSpace.kind === 'discrete') {
    const kind = oneOf('head', head['kind'], ['argmax', 'q_values']) ?? 'argmax';
    return { kind };
  }
  const kind = oneOf(`head (${id} has continuous actions)`, head['kind'], ['clipped', 'squashed']);
  if (kind !== 'squashed') return { kind: 'clipped', ...boundsOf(actionSpace) };
  const limit = head['mean_limit'] ?? null;
  if (limit !== null && !(typeof limit === 'number' && limit > 0))
    throw new InvalidPolicy('malformed', 'mean_limit', 'must be a positive number or null');
  return { kind, ...boundsOf(actionSpace), mean_limit: limit };
}
