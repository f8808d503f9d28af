import { logarithms, powers } from './logistic-items.ts';
import { Workplace } from './workplace.ts';

/**
 * Posteriors over the nodes of θ, of rows that have cells (answers in a category), and persons by cell and node: by
 * kernels, about three times as fast as in loops. Rows come in groups that have some cells in common.
 */
export class Posteriors {
  /** ln P of each cell at each node: [cells][nodes]. */
  readonly table: Float64Array;
  /** Slope and intercept of each cell whose ln P is a line in θ: [cells][2]. */
  readonly lines: Float64Array;
  /** Persons by cell and node, whom `add` and `endGroup` add: [cells][nodes]. */
  readonly counts: Float64Array;
  /** Of the row that was added last: posterior[q] for q in range[0] to range[1] − 1, elsewhere without meaning. */
  readonly posterior: Float64Array;
  readonly range: Uint32Array;
  /** Persons of the group by node, so far. */
  readonly group: Float64Array;
  readonly #arrays: Float64Array;
  readonly #common: Float64Array;
  readonly #taken: Uint32Array;
  readonly #shared: Uint32Array;
  readonly #nodes: number;
  readonly #place: Workplace;
  #sharing = 0;

  /**
   * @param cells how many there are
   * @param taken the cells of all rows, apart from what a group has in common
   * @throws RangeError for arrays of more than 4 GiB, Error where WebAssembly or its SIMD is missing
   */
  constructor(theta: Float64Array, cells: number, taken: Int32Array) {
    const nodes = theta.length;
    const numbers = cells * nodes;
    // kernels take two nodes at a time, and reach one further than a table with an odd number of them
    const width = nodes + (nodes % 2);
    const place = new Workplace(
      8 * (2 * (numbers + 1) + 2 * cells + 5 * width) + 4 * (taken.length + cells + 2),
      'the answers of a calibration need more than 4 GiB: take fewer persons or items',
    );
    place.fill(place.kernels.powers.value, powers);
    place.fill(place.kernels.logarithms.value, logarithms);
    this.table = place.doubles(numbers + 1).subarray(0, numbers);
    this.counts = place.doubles(numbers + 1).subarray(0, numbers);
    this.lines = place.doubles(2 * cells);
    this.#arrays = place.doubles(5 * width);
    const array = (k: number) => this.#arrays.subarray(k * width, k * width + nodes);
    this.#common = array(1);
    this.posterior = array(2);
    this.group = array(4);
    this.#taken = place.words(taken.length);
    this.#shared = place.words(cells);
    this.range = place.words(2);
    this.#nodes = nodes;
    this.#place = place;
    this.#arrays.set(theta);
    if (width > nodes) this.#arrays[width + nodes] = Number.NEGATIVE_INFINITY;
    this.#taken.set(taken);
  }

  /**
   * @param logWeights ln of the weights of θ at the nodes
   * @param shared cells that all rows of the group have, their ln P in the table
   */
  beginGroup(logWeights: Float64Array, shared: Int32Array): void {
    this.#common.set(logWeights);
    this.#shared.set(shared);
    this.#sharing = shared.length;
    this.group.fill(0);
    const { byteOffset: sum } = this.#common;
    const { byteOffset: cells } = this.#shared;
    this.#place.kernels.addRows(this.table.byteOffset, cells, shared.length, this.#nodes, sum);
  }

  /**
   * Adds a row of so many persons, with the cells taken[from] to taken[to − 1]: those before `tabledFrom` have a line, the
   * others have their ln P in the table.
   * @returns persons · ln ∫ P dF(θ)
   */
  add(from: number, tabledFrom: number, to: number, persons: number): number {
    return this.#place.kernels.addPosterior(
      this.#taken.byteOffset + 4 * from,
      tabledFrom - from,
      to - tabledFrom,
      persons,
      this.lines.byteOffset,
      this.table.byteOffset,
      this.counts.byteOffset,
      this.#arrays.byteOffset,
      this.#nodes,
      this.range.byteOffset,
    );
  }

  /** Counts the group's persons in the cells that they share. */
  endGroup(): void {
    const { byteOffset: group } = this.group;
    const { byteOffset: cells } = this.#shared;
    this.#place.kernels.addToRows(group, this.counts.byteOffset, cells, this.#sharing, this.#nodes);
  }
}
