import type { Matrix } from '../engine.ts';
import { type Memory, roundUp, strideOf } from './memory.ts';

/** Batches have more rows than the cache has room for in one of its sets. */
const WIDE = 64;

/** Rows in the engine's memory, padded to vectors of four. */
export class FastMatrix implements Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly data: Float32Array;
  readonly memory: Memory;
  readonly address: number;

  constructor(memory: Memory, rows: number, columns: number) {
    this.memory = memory;
    this.rows = rows;
    this.columns = columns;
    this.stride = strideOf(columns, WIDE);
    const { address, data } = memory.floats(rows * this.stride);
    this.address = address;
    this.data = data;
  }

  /** Columns with what pads them to vectors of four. */
  get width(): number {
    return roundUp(this.columns, 4);
  }
}
