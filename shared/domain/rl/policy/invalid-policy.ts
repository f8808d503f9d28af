/**
 * What is wrong with a policy from outside, as a word for programs:
 * - `too_large`: the file, its header, a tensor or the whole network
 * - `malformed`: not the format it says it is
 * - `unsupported`: a known format with something in it that no policy here has
 * - `shape`: tensors that do not fit one another or the environment
 * - `not_finite`: a weight that is no number
 * - `other_environment`: made for another environment than it is meant for
 */
export type PolicyFault =
  | 'too_large'
  | 'malformed'
  | 'unsupported'
  | 'shape'
  | 'not_finite'
  | 'other_environment';

/** A file or set of tensors that is refused; the message names what and why. */
export class InvalidPolicy extends Error {
  readonly fault: PolicyFault;
  /** The tensor, layer or field at fault; empty where it is the file as a whole. */
  readonly part: string;

  constructor(fault: PolicyFault, part: string, reason: string) {
    const shown = part.slice(0, 120);
    super(shown === '' ? reason : `${shown}: ${reason}`);
    this.name = 'InvalidPolicy';
    this.fault = fault;
    this.part = shown;
  }
}
