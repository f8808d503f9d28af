/**
 * A black-and-white picture in text: each character is a cell of 2 × 4 dots (Unicode braille patterns, whose
 * eight lowest bits are the dots).
 */
export class BrailleCanvas {
  readonly columns: number;
  readonly rows: number;
  readonly #cells: Uint8Array;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = new Uint8Array(columns * rows);
  }

  /** Width and height in dots. */
  get size(): readonly [number, number] {
    return [this.columns * 2, this.rows * 4];
  }

  dot(x: number, y: number): void {
    const [width, height] = this.size;
    const column = Math.floor(x);
    const row = Math.floor(y);
    if (column < 0 || row < 0 || column >= width || row >= height) return;
    const cell = (row >> 2) * this.columns + (column >> 1);
    this.#cells[cell] = (this.#cells[cell] ?? 0) | (dots[(row & 3) * 2 + (column & 1)] ?? 0);
  }

  line([x0, y0]: readonly [number, number], [x1, y1]: readonly [number, number]): void {
    const steps = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0)));
    for (let step = 0; step <= steps; step++)
      this.dot(x0 + ((x1 - x0) * step) / steps, y0 + ((y1 - y0) * step) / steps);
  }

  lines(): string[] {
    return Array.from({ length: this.rows }, (_, row) =>
      Array.from(this.#cells.slice(row * this.columns, (row + 1) * this.columns), (bits) =>
        String.fromCodePoint(0x2800 + bits),
      ).join(''),
    );
  }
}

/** Bit of the dot in row r, column c of a cell, at index 2r + c. */
const dots = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80] as const;
