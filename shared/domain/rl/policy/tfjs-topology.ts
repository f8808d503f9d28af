import { InvalidPolicy } from './invalid-policy.ts';
import type { PolicyActivation } from './policy.ts';
import { isObject, type Json, type JsonObject } from './strict-json.ts';

/** A Dense layer as a topology describes it; its weights are elsewhere. */
export interface DenseSpec {
  readonly name: string;
  readonly units: number;
  readonly activation: PolicyActivation;
}

const mostLayers = 32;

/**
 * The Dense layers of a Keras topology in the order in which data passes through them.
 * @throws InvalidPolicy for all that is not a plain chain of them
 */
export function denseLayers(topology: Json | undefined): DenseSpec[] {
  if (!isObject(topology)) throw new InvalidPolicy('malformed', 'modelTopology', 'must be an object');
  // Keras writes the model below `model_config`, TensorFlow.js as it is
  const model = topology['model_config'] ?? topology;
  if (!isObject(model)) throw new InvalidPolicy('malformed', 'model_config', 'must be an object');
  const kind = textOf(model['class_name'], 'class_name');
  if (kind !== 'Sequential' && kind !== 'Model' && kind !== 'Functional')
    throw new InvalidPolicy('unsupported', kind, 'only Sequential and functional models are read');
  const layers = layersOf(model['config']);
  if (kind !== 'Sequential') checkChain(layers, model['config']);
  return layers.flatMap((layer, i) => specOf(layer, i));
}

function layersOf(config: Json | undefined): JsonObject[] {
  const layers = isObject(config) ? config['layers'] : config;
  if (!Array.isArray(layers)) throw new InvalidPolicy('malformed', 'config', 'must have a list of layers');
  if (layers.length > mostLayers)
    throw new InvalidPolicy('too_large', 'config', `has more than ${mostLayers} layers`);
  return layers.map((layer) => {
    if (!isObject(layer)) throw new InvalidPolicy('malformed', 'config', 'a layer must be an object');
    return layer;
  });
}

/** Settings that change nothing about what a trained layer computes. */
const inert = new Set([
  'name',
  'trainable',
  'dtype',
  'batch_input_shape',
  'units',
  'activation',
  'use_bias',
  'kernel_initializer',
  'bias_initializer',
  'kernel_regularizer',
  'bias_regularizer',
  'activity_regularizer',
  'kernel_constraint',
  'bias_constraint',
]);

function specOf(layer: JsonObject, index: number): DenseSpec[] {
  const kind = textOf(layer['class_name'], 'class_name');
  if (kind === 'InputLayer' && index === 0) return [];
  if (kind !== 'Dense') throw new InvalidPolicy('unsupported', kind, 'only Dense layers are read');
  const config = layer['config'];
  if (!isObject(config)) throw new InvalidPolicy('malformed', kind, 'needs a config');
  const name = textOf(config['name'], 'name');
  const odd = Object.keys(config).find((key) => !inert.has(key));
  if (odd !== undefined)
    throw new InvalidPolicy('unsupported', name, `has ${odd.slice(0, 40)}, which is not read`);
  const { units, activation, use_bias } = config;
  if (typeof units !== 'number' || !Number.isSafeInteger(units) || units < 1)
    throw new InvalidPolicy('malformed', name, 'units must be a positive integer');
  if (use_bias === false) throw new InvalidPolicy('unsupported', name, 'must have a bias');
  return [{ name, units, activation: activationOf(name, activation ?? 'linear') }];
}

function activationOf(layer: string, value: Json): PolicyActivation {
  if (value === 'tanh' || value === 'relu' || value === 'linear') return value;
  const shown = typeof value === 'string' ? value.slice(0, 40) : 'something else';
  throw new InvalidPolicy('unsupported', layer, `activation must be tanh, relu or linear, not ${shown}`);
}

/** Each layer takes what the one before it gives, and nothing else; the model ends where the last one does. */
function checkChain(layers: readonly JsonObject[], config: Json | undefined): void {
  const names = layers.map((layer) => textOf(layer['name'], 'name'));
  layers.forEach((layer, i) => {
    const from = sources(layer['inbound_nodes']);
    const expected = i === 0 ? [] : [names[i - 1]];
    if (from.length !== expected.length || from[0] !== expected[0])
      throw new InvalidPolicy(
        'unsupported',
        names[i] ?? '',
        'must take what the layer before it gives: no branches',
      );
  });
  const ends = isObject(config)
    ? [endpoints(config['input_layers']), endpoints(config['output_layers'])]
    : [];
  if (ends[0]?.join() !== names[0] || ends[1]?.join() !== names.at(-1))
    throw new InvalidPolicy(
      'unsupported',
      'config',
      'must have one input, the first layer, and one output, the last',
    );
}

/** `[[["dense_1", 0, 0, {}]]]` names one source. */
function sources(nodes: Json | undefined): string[] {
  if (!Array.isArray(nodes)) return ['?'];
  return nodes.flatMap((node) => (Array.isArray(node) ? node.map(sourceName) : ['?']));
}

const sourceName = (link: Json): string => {
  const [name, node, tensor] = Array.isArray(link) ? link : [];
  return typeof name === 'string' && node === 0 && tensor === 0 ? name : '?';
};

/** `[["input_1", 0, 0]]`, or the inner list alone. */
function endpoints(given: Json | undefined): string[] {
  if (!Array.isArray(given)) return ['?'];
  return typeof given[0] === 'string' ? [sourceName(given)] : given.map(sourceName);
}

function textOf(value: Json | undefined, field: string): string {
  if (typeof value !== 'string' || value.length > 200)
    throw new InvalidPolicy('malformed', field, 'must be a text of at most 200 characters');
  return value;
}
