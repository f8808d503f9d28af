import { Workplace } from './workplace.ts';

/** Scores of cells: in which parameters each cell has one. */
export interface Entries {
  /** Entries of cell c: start[c] to start[c + 1] − 1. */
  readonly start: Int32Array;
  /** Parameter of each entry. */
  readonly parameter: Int32Array;
}

/** Scores of rows that have cells, expected over their posteriors, and Σ E s E sᵀ over rows: by kernels. */
export class ScoreSums {
  /** Length of a row of `posteriors` and of `score`: the number of nodes, or one more that makes it even. */
  readonly width: number;
  /** Of each row, beyond the nodes 0: [rows][width]. */
  readonly posteriors: Float64Array;
  /** Of each entry, beyond the nodes 0: [entries][width]. */
  readonly score: Float64Array;
  /** E s of the row that was expected last: [parameters]. */
  readonly mean: Float64Array;
  readonly #vector: Float64Array;
  readonly #squares: Float64Array;
  readonly #cells: Uint32Array;
  readonly #start: Uint32Array;
  readonly #parameter: Uint32Array;
  readonly #place: Workplace;

  /**
   * @param cells those of all rows
   * @param most the largest number of parameters that a row's score has
   * @throws RangeError for arrays of more than 4 GiB, Error where WebAssembly or its SIMD is missing
   */
  constructor(
    rows: number,
    nodes: number,
    cells: Int32Array,
    { start, parameter }: Entries,
    parameters: number,
    most: number,
  ) {
    this.width = even(nodes);
    const numbers = (rows + parameter.length) * this.width + parameters + (most + 1) * even(most);
    const words = cells.length + start.length + parameter.length;
    const place = new Workplace(
      8 * numbers + 4 * words,
      'the posteriors of a calibration need more than 4 GiB: take fewer persons',
    );
    this.posteriors = place.doubles(rows * this.width);
    this.score = place.doubles(parameter.length * this.width);
    this.mean = place.doubles(parameters);
    this.#vector = place.doubles(even(most));
    this.#squares = place.doubles(most * even(most));
    this.#cells = place.words(cells.length);
    this.#start = place.words(start.length);
    this.#parameter = place.words(parameter.length);
    this.#place = place;
    this.#cells.set(cells);
    this.#start.set(start);
    this.#parameter.set(parameter);
  }

  /**
   * Puts into `mean` what a row's posterior expects of its cells' scores.
   * @param from first of its cells, @param to the one after the last
   * @param lower first node where the posterior is not 0, @param upper the one after the last
   */
  expect(row: number, from: number, to: number, lower: number, upper: number): void {
    this.mean.fill(0);
    this.#place.kernels.addScores(
      this.#cells.byteOffset + 4 * from,
      to - from,
      this.#start.byteOffset,
      this.#parameter.byteOffset,
      this.score.byteOffset,
      this.width,
      this.posteriors.byteOffset + 8 * row * this.width,
      lower,
      upper,
      this.mean.byteOffset,
    );
  }

  /** Adds persons · E s E sᵀ, in the parameters `touched`, to the squares. */
  addSquare(touched: Int32Array, persons: number): void {
    const vector = this.#vector;
    for (let i = 0; i < touched.length; i++) vector[i] = this.mean[touched[i] ?? 0] ?? 0;
    const { byteOffset: to } = this.#squares;
    this.#place.kernels.addSquare(vector.byteOffset, touched.length, even(touched.length), persons, to);
  }

  /** Takes the squares, in the parameters `touched`, from `matrix` [parameters][parameters]; none are left. */
  subtractSquares(touched: Int32Array, matrix: Float64Array): void {
    const squares = this.#squares;
    const width = even(touched.length);
    const n = this.mean.length;
    for (let i = 0; i < touched.length; i++)
      for (let j = 0; j < touched.length; j++) {
        const to = (touched[i] ?? 0) * n + (touched[j] ?? 0);
        const square = squares[Math.max(i, j) * width + Math.min(i, j)] ?? 0;
        matrix[to] = (matrix[to] ?? 0) - square;
      }
    squares.fill(0, 0, touched.length * width);
  }
}

const even = (length: number): number => length + (length % 2);
