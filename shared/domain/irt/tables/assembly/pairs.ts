/** Counts of pairs, in float64, at two nodes of θ at a time. Addresses are in bytes. */
import { add } from './posterior';

/**
 * Adds the persons of some rows to what each of their cells has, and to every pair of two of them or of one twice.
 *
 * @param cells the rows' cells one after the other, in each row rising, u32
 * @param from where each row's cells begin, u32, and where the last one's end [rows + 1]
 * @param persons of each row, f64 [rows][2]
 * @param size number of all cells
 * @param pairs f64 [size][size][2], of which the lower triangle is added to
 * @param having f64 [size][2]
 */
export function addPairs(
  cells: usize,
  from: usize,
  persons: usize,
  rows: i32,
  size: i32,
  pairs: usize,
  having: usize,
): void {
  const none = f64x2.splat(0);
  for (; rows > 0; rows--) {
    const here = v128.load(persons);
    if (v128.any_true(f64x2.gt(here, none))) {
      const begin = cells + (<usize>load<u32>(from) << 2);
      const end = cells + (<usize>load<u32>(from, 4) << 2);
      for (let a = begin; a < end; a += 4) {
        const cell = <usize>load<u32>(a);
        add(having + (cell << 4), here);
        const line = pairs + ((cell * <usize>size) << 4);
        for (let b = begin; b <= a; b += 4) add(line + (<usize>load<u32>(b) << 4), here);
      }
    }
    persons += 16;
    from += 4;
  }
}
