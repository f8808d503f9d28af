import { policyFormat } from './describe.ts';
import type { Policy, PolicyLayer } from './policy.ts';

/** The two files of a TensorFlow.js layers model. */
export interface TfjsModel {
  /** `model.json` */
  readonly model: string;
  /** `weights.bin`, which model.json names. */
  readonly weights: Uint8Array;
}

export const weightsFile = 'weights.bin';

/**
 * The policy's network as a TensorFlow.js layers model: a Sequential of Dense layers, float32. It takes the encoded
 * and normalised observation and gives the network's output; `userDefinedMetadata.policy` says what is before and
 * after it.
 *
 *     const model = await tf.loadLayersModel('model.json');
 *     const logits = model.predict(tf.tensor2d([observation]));
 */
export function writeTfjs(policy: Policy): TfjsModel {
  const layers = policy.layers.map((layer, i) => ({
    class_name: 'Dense',
    config: {
      name: nameOf(i),
      trainable: true,
      ...(i === 0 && { batch_input_shape: [null, layer.inputs] }),
      dtype: 'float32',
      units: layer.outputs,
      activation: layer.activation,
      use_bias: true,
    },
  }));
  const manifest = policy.layers.flatMap(({ inputs, outputs }, i) => [
    { name: `${nameOf(i)}/kernel`, shape: [inputs, outputs], dtype: 'float32' },
    { name: `${nameOf(i)}/bias`, shape: [outputs], dtype: 'float32' },
  ]);
  const model = {
    format: 'layers-model',
    generatedBy: 'Lyceum',
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: { name: 'policy', layers },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [{ paths: [weightsFile], weights: manifest }],
    userDefinedMetadata: { policy: metadataOf(policy) },
  };
  return { model: `${JSON.stringify(model, null, 1)}\n`, weights: weightsOf(policy.layers) };
}

const nameOf = (layer: number): string => `dense_${layer}`;

function metadataOf({ environment, env_kwargs, observation, normalization, head }: Policy) {
  return {
    format: policyFormat,
    environment,
    env_kwargs,
    observation,
    normalization: normalization && {
      ...normalization,
      mean: [...normalization.mean],
      var: [...normalization.var],
    },
    head,
  };
}

/** Kernels are [inputs][outputs] in Keras, the transpose of PyTorch's. */
function weightsOf(layers: readonly PolicyLayer[]): Uint8Array {
  const size = layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
  const bytes = new Uint8Array(4 * size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const put = (x = 0): void => {
    view.setFloat32(at, x, true);
    at += 4;
  };
  for (const { inputs, outputs, weight, bias } of layers) {
    for (let i = 0; i < inputs; i++) for (let o = 0; o < outputs; o++) put(weight[o * inputs + i]);
    for (const x of bias) put(x);
  }
  return bytes;
}
